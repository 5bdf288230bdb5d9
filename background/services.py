"""Asking for work, doing it, and putting right what crashes and lost messages leave behind."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

import audit
from background import failpoints, registry
from background.choices import ATTEMPTS, BACK_OFF, FORGET_WORKER_AFTER, LEASE, WORKER_PREFIX, JobState
from background.models import Heartbeat, Job
from background.run import JobRefused, JobRun, LeaseKeeper, LeaseLost, new_holder

logger = logging.getLogger(__name__)
BATCH = 100
FRESH = {
    "state": JobState.QUEUED, "progress": 0, "step": "", "leased_by": "", "lease_until": None, "published_at": None,
}  # fmt: skip
ENDED = {"leased_by": "", "lease_until": None, "step": ""}


class NotRetryable(Exception):
    """Only a failed job can be tried again."""


@transaction.atomic
def enqueue(kind: str, *, payload: Mapping[str, Any], by: Any, key: str | None = None) -> Job:
    """Ask for work inside the caller's transaction: the job exists exactly when the change does.

    `payload` holds ids and plain values only. `by` is a user, or None for the system. With a `key` that was used
    before, that earlier job is returned and nothing new happens. Raises UnknownKind.
    """
    registry.job_named(kind)
    columns = {
        "kind": kind,
        "payload": dict(payload),
        "requester_id": getattr(by, "pk", None),
        "requester_name": "系统" if by is None else str(by)[:150],
    }
    if key is None:
        job, created = Job.objects.create(**columns), True
    else:
        job, created = Job.objects.get_or_create(key=key, defaults=columns)
    if created:
        audit.record("job.queued", job, by=by, after={"kind": kind, "payload": dict(payload), "key": key})
    return job


def claim(pk: int) -> JobRun | None:
    """Take the job for this worker, or None when it is not due, someone else has it, or it is finished.

    One conditional UPDATE: of several workers exactly one sees its row change.
    """
    holder = new_holder()
    taken = (
        Job.objects.due()
        .filter(pk=pk)
        .update(
            state=JobState.RUNNING,
            leased_by=holder,
            lease_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            started_at=Coalesce(F("started_at"), Now()),
            error="",
        )
    )
    return JobRun(Job.objects.get(pk=pk), holder) if taken else None


def run_job(pk: int, *, alive: Callable[[], None] | None = None) -> bool:
    """Do the job if it is there to be done. True when this call brought it to its end or back into the queue.

    `alive` is called now and then while the handler works.

    The effect comes first and the mark after it: a crash between the two means the handler runs again and finds its
    effect already there.
    """
    run = claim(pk)
    if run is None:
        return False
    failpoints.reach("job.claimed")
    try:
        with LeaseKeeper(run, alive):
            result = registry.job_named(run.job.kind).handler(run)
        failpoints.reach("job.effect")
        _finish(run, result or {})
    except LeaseLost:
        logger.warning("job %s: lease lost, left to its new holder", pk)
        return False
    except JobRefused as refusal:
        _fail(run, str(refusal))
    except registry.UnknownKind:
        _fail(run, "系统中已没有这种作业。")
    except Exception:
        logger.exception("job %s (%s), attempt %s", pk, run.job.kind, run.job.attempts)
        _put_back_or_fail(run)
    return True


@transaction.atomic
def retry(job: Job, *, by: Any) -> Job:
    """Start a failed job anew with all its attempts. Raises NotRetryable when it has not failed, or no longer."""
    moved = Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
        **FRESH, attempts=0, error="", finished_at=None, next_attempt_at=Now()
    )
    if not moved:
        raise NotRetryable(job.pk)
    job.refresh_from_db()
    audit.record("job.retried", job, by=by)
    return job


def relay(publish: Callable[[int], None]) -> int:
    """Announce due jobs to the workers. Returns how many messages went out; raises what `publish` raises.

    Marked before the message is sent, so that two relays do not both send; a message that fails is unmarked again, and
    one that is lost is sent again by a later relay.
    """
    sent = 0
    for pk in Job.objects.unannounced().oldest_first().values_list("pk", flat=True)[:BATCH]:
        # Asked again instead of compared with the time read: SQLite's Now() has fewer digits than a parameter.
        if not Job.objects.unannounced().filter(pk=pk).update(published_at=Now()):
            continue
        try:
            publish(pk)
        except Exception:
            Job.objects.filter(pk=pk, state=JobState.QUEUED).update(published_at=None)
            raise
        sent += 1
    return sent


def sweep() -> int:
    """Put abandoned jobs back into the queue; end those that have killed their worker too often. Returns how many."""
    settled = 0
    for job in Job.objects.abandoned().order_by("lease_until")[:BATCH]:
        settled += _settle_abandoned(job)
    return settled


def work_off(limit: int = 1000) -> int:
    """Do due jobs here and now, without any broker. Returns how many."""
    done = 0
    while done < limit:
        pk = Job.objects.due().oldest_first().values_list("pk", flat=True).first()
        if pk is None:
            break
        done += run_job(pk)
    return done


def run_tick(name: str) -> int:
    """Call one registered tick and leave its heartbeat. Raises UnknownKind, and whatever the tick raises."""
    tick = registry.tick_named(name)
    try:
        count = tick.function() or 0
    except Exception as error:
        beat(name, ok=False, detail=type(error).__name__)
        raise
    beat(name)
    return count


def beat(name: str, *, ok: bool = True, detail: str = "") -> None:
    """Write down that this part of the machinery lives."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now(), "ok": ok, "detail": detail[:300]})


def forget_workers() -> int:
    """Drop the heartbeats of worker processes that ended a day ago or earlier."""
    ended = timezone.now() - FORGET_WORKER_AFTER
    return Heartbeat.objects.filter(name__startswith=WORKER_PREFIX, at__lt=ended).delete()[0]


@transaction.atomic
def _finish(run: JobRun, result: Mapping[str, Any]) -> None:
    moved = _held(run).update(
        **ENDED, state=JobState.DONE, progress=100, result=dict(result), finished_at=Now(), error=""
    )
    if not moved:
        raise LeaseLost(run.job.pk)
    audit.record("job.done", run.job, by=None)


@transaction.atomic
def _fail(run: JobRun, reason: str) -> None:
    if _held(run).update(**ENDED, state=JobState.FAILED, error=reason[:300], finished_at=Now()):
        audit.record("job.failed", run.job, by=None, detail=reason)


def _put_back_or_fail(run: JobRun) -> None:
    attempts = run.job.attempts
    if attempts >= registry.job_named(run.job.kind).attempts:
        _fail(run, f"已尝试 {attempts} 次仍未成功，请稍后重试；仍不成功请告知系统管理员作业编号 {run.job.pk}。")
        return
    _held(run).update(**FRESH, error="上次处理没有成功，稍后自动重试。", next_attempt_at=Now() + _pause_after(attempts))


def _settle_abandoned(job: Job) -> bool:
    run = JobRun(job, job.leased_by)
    kind = registry.jobs().get(job.kind)
    if job.attempts >= (kind.attempts if kind else ATTEMPTS):
        _fail(run, f"处理时多次意外中断，请告知系统管理员作业编号 {job.pk}。")
        return True
    # The lease is asked for again: its holder may have renewed it since the list was read.
    back = Job.objects.abandoned().filter(pk=job.pk, leased_by=job.leased_by)
    return bool(back.update(**FRESH, next_attempt_at=Now(), error="处理中断，已重新排队。"))


def _held(run: JobRun) -> Any:
    return Job.objects.filter(pk=run.job.pk).held_by(run.holder)


def _pause_after(attempts: int) -> timedelta:
    return BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
