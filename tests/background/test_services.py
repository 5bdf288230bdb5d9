import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from audit.models import AuditEvent
from background import querysets, registry, services
from background.choices import LEASE, JobState
from background.models import Job
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def actions(job):
    return list(
        AuditEvent.objects.filter(object_id=str(job.pk), object_type="background.job")
        .order_by("sequence")
        .values_list("action", flat=True)
    )


def ago(**span):
    return timezone.now() - timedelta(**span)


def change(job, **columns):
    Job.objects.filter(pk=job.pk).update(**columns)


def make_due(job):
    change(job, next_attempt_at=ago(seconds=1))


def test_job_exists_exactly_when_the_change_does(queued):
    with transaction.atomic():
        queued()
        transaction.set_rollback(True)

    assert Job.objects.count() == 0
    assert AuditEvent.objects.filter(action="job.queued").count() == 0


def test_key_names_one_job_for_ever(queued):
    first = queued(key="render:7:v1")
    services.run_job(first.pk)

    again = queued(key="render:7:v1")

    assert (again.pk, again.state, Job.objects.count()) == (first.pk, JobState.DONE, 1)
    assert AuditEvent.objects.filter(action="job.queued").count() == 1


def test_unknown_kind_is_refused_where_it_is_asked_for(db):
    with pytest.raises(registry.UnknownKind):
        services.enqueue("sample.unheard", payload={}, by=None)


def test_job_is_done_with_result_and_trail(queued, folder):
    job = queued()

    assert services.run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.progress, job.attempts, job.error) == (JobState.DONE, 100, 1, "")
    assert (job.leased_by, job.lease_until, job.step) == ("", None, "")
    assert job.result == {"url": "/", "label": "回到首页"}
    assert (folder / "effect").read_text() == str(job.pk)
    assert actions(job) == ["job.queued", "job.done"]


def test_second_message_for_the_same_job_does_nothing(queued, runs):
    job = queued()

    assert [services.run_job(job.pk), services.run_job(job.pk)] == [True, False]
    assert runs() == 1
    assert actions(job) == ["job.queued", "job.done"]


def test_failing_job_pauses_then_ends_with_words_for_people(queued):
    job = queued("sample.break")

    services.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (JobState.QUEUED, 1, "上次处理没有成功，稍后自动重试。")
    assert job.next_attempt_at > timezone.now()
    assert services.run_job(job.pk) is False  # not before its pause is over

    make_due(job)
    services.run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, 2)
    assert job.error.startswith("已尝试 2 次仍未成功")
    assert "secret" not in job.error
    assert actions(job) == ["job.queued", "job.failed"]


def test_refusal_is_final_and_says_why(queued):
    job = queued("sample.refuse")

    services.run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (JobState.FAILED, 1, "本月已定稿，不再生成送审稿。")


def test_requester_disabled_meanwhile_gets_nothing(queued):
    user = make_user(name="李静")
    first, second = queued("sample.owned", by=user), queued("sample.owned", by=user)
    services.run_job(first.pk)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    services.run_job(second.pk)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.result) == (JobState.DONE, {"name": "李静"})
    assert (second.state, second.error) == (JobState.FAILED, "提交人的账号已停用，作业不再执行。")


def test_attempt_that_lost_its_lease_changes_nothing(queued):
    job = queued()
    late = services.claim(job.pk)
    change(job, lease_until=ago(seconds=1))
    services.sweep()
    current = services.claim(job.pk)

    with pytest.raises(services.LeaseLost):
        late.step("写入", 10)
    with pytest.raises(services.LeaseLost):
        services._finish(late, {})
    services._fail(late, "迟到的失败")

    job.refresh_from_db()
    assert (job.state, job.leased_by, job.attempts, job.error) == (JobState.RUNNING, current.holder, 2, "")


def test_step_shows_and_renews_the_lease(queued):
    job = queued()
    run = services.claim(job.pk)
    change(job, lease_until=ago(seconds=-2))

    run.step("制表", 40)

    job.refresh_from_db()
    assert (job.step, job.progress) == ("制表", 40)
    assert job.lease_until > timezone.now() + LEASE / 2


def test_sweeper_takes_only_leases_that_ran_out(queued):
    abandoned, living = queued(), queued()
    services.claim(abandoned.pk)
    services.claim(living.pk)
    change(abandoned, lease_until=ago(seconds=1))

    assert (services.sweep(), services.sweep()) == (1, 0)

    abandoned.refresh_from_db()
    living.refresh_from_db()
    assert (abandoned.state, abandoned.error) == (JobState.QUEUED, "处理中断，已重新排队。")
    assert living.state == JobState.RUNNING


def test_job_that_keeps_killing_its_worker_is_ended(queued):
    job = queued()
    for _ in range(3):
        services.claim(job.pk)
        change(job, lease_until=ago(seconds=1))
        services.sweep()

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert job.error.startswith("处理时多次意外中断")


def test_relay_announces_each_job_once_and_lost_ones_again(queued):
    first, second = queued(), queued()
    sent = []

    services.relay(sent.append)
    services.relay(sent.append)
    assert sent == [first.pk, second.pk]

    change(first, published_at=ago(seconds=61))
    services.relay(sent.append)
    assert sent == [first.pk, second.pk, first.pk]


def test_message_lost_since_the_relay_itself_marked_it_is_sent_again(queued, monkeypatch):
    """With the mark as the database wrote it, to its own precision."""
    job, sent = queued(), []
    services.relay(sent.append)
    monkeypatch.setattr(querysets, "REPUBLISH_AFTER", timedelta(seconds=0.05))
    time.sleep(0.1)

    services.relay(sent.append)

    assert sent == [job.pk, job.pk]


def test_message_that_could_not_leave_is_sent_by_the_next_relay(queued):
    job = queued()

    def broken(pk):
        raise OSError

    with pytest.raises(OSError):
        services.relay(broken)
    sent = []
    services.relay(sent.append)

    assert sent == [job.pk]


def test_failed_job_starts_anew(queued):
    user = make_user()
    job = queued("sample.refuse", by=user)
    services.run_job(job.pk)

    job = services.retry(job, by=user)

    assert (job.state, job.attempts, job.error, job.finished_at) == (JobState.QUEUED, 0, "", None)
    assert actions(job) == ["job.queued", "job.failed", "job.retried"]
    with pytest.raises(services.NotRetryable):
        services.retry(job, by=user)


def test_work_off_needs_no_messages(queued, runs):
    queued()
    queued("sample.refuse")

    assert services.work_off() == 2
    assert Job.objects.filter(state=JobState.QUEUED).count() == 0
    assert runs() == 1


def test_every_tick_changes_nothing_when_asked_again(db):
    for name in registry.ticks():
        if not registry.tick_named(name).needs_broker:
            services.run_tick(name)
            assert services.run_tick(name) == 0, name
