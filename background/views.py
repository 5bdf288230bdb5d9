from contextlib import suppress
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from background import health, services
from background import operations as undelivered
from background.choices import JobState
from background.forms import JobFilter
from background.models import Job

PAGE = 30
PARKED_SHOWN = 50
FRAGMENTS = {"operations-state": "background/_state.html", "operations-jobs": "background/_jobs.html"}


@login_not_required
@require_GET
def healthz(request):
    """The process answers. Nothing else is asked, so that a slow database does not get every process restarted."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_GET
def readyz(request):
    answer = health.readiness()
    return JsonResponse(answer, status=503 if answer["status"] == "unavailable" else 200)


@require_GET
def job_detail(request, pk):
    """The whole page, the fragment htmx polls, or JSON for whoever asks for it."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if job.requester_id != request.user.pk:
        job.result = {}  # who runs the system sees how the work went, not what came of it
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse(_as_json(job))
    response = render(request, "background/_job.html" if request.htmx else "background/job.html", {"job": job})
    if request.htmx and job.is_finished:
        response["HX-Trigger"] = "job-finished"
    return response


@require_POST
def job_retry(request, pk):
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    with suppress(services.NotRetryable):  # somebody was faster; the page shows what holds now
        services.retry(job, by=request.user)
    return redirect("background:job-detail", pk=pk)


@require_GET
def operations(request):
    """Is everything alive, and what needs a hand? The whole page, or the fragment that asks for itself again."""
    _require_operator(request)
    part = request.htmx.target if request.htmx else None
    context = {}
    if part != "operations-jobs":
        context |= _state()
    if part != "operations-state":
        context |= _jobs(request)
    return render(request, FRAGMENTS.get(part, "background/operations.html"), context)


@require_POST
def message_retry(request, queue, pk):
    _require_operator(request)
    try:
        _queue(queue).retry(pk, request.user)
    except ObjectDoesNotExist:
        raise Http404 from None
    except services.NotRetryable:
        messages.info(request, "这条消息已不在未送达之列。")
    else:
        messages.success(request, "已重新排队，稍后发送。")
    return redirect("background:operations")


@require_POST
def message_retry_all(request, queue):
    """Sends anew what the page shows; one that moved meanwhile is left alone."""
    _require_operator(request)
    queue, started = _queue(queue), 0
    for row in queue.rows(PARKED_SHOWN):
        with suppress(services.NotRetryable, ObjectDoesNotExist):
            queue.retry(row.pk, request.user)
            started += 1
    messages.success(request, f"已重新排队 {started} 条，稍后发送。")
    return redirect("background:operations")


def _require_operator(request):
    if not request.user.may("operations.view"):
        raise Http404


def _queue(name):
    try:
        return undelivered.queue_named(name)
    except undelivered.UnknownQueue:
        raise Http404 from None


def _state():
    parts = health.parts()
    return {
        "parts": parts,
        "status": health.status_of(parts),
        "ill": [part.label for part in parts if not part.ok],
        "queues": [_cut(queue, queue.rows(PARKED_SHOWN + 1)) for queue in undelivered.queues()],
        "ticks": health.ticks(),
        "workers": health.workers(),
        "now": timezone.now(),
    }


def _cut(queue, rows):
    return {"queue": queue, "rows": rows[:PARKED_SHOWN], "more": len(rows) > PARKED_SHOWN}


def _jobs(request):
    """One page of jobs, newest first, continued by number so that new ones do not shift it."""
    form = JobFilter(request.GET)
    jobs = form.narrow(Job.objects.visible_to(request.user)).order_by("-pk") if form.is_valid() else Job.objects.none()
    older_than = _number(request.GET.get("before", ""))
    rows = list((jobs.filter(pk__lt=older_than) if older_than else jobs)[: PAGE + 1])
    query = form.asked()
    return {
        "form": form,
        "jobs": rows[:PAGE],
        "failed": Job.objects.visible_to(request.user).filter(state=JobState.FAILED).count(),
        "filtered": bool(query),
        "newest_url": f"?{urlencode(query)}" if older_than else "",
        "older_url": f"?{urlencode({**query, 'before': rows[PAGE - 1].pk})}" if len(rows) > PAGE else "",
        "now": timezone.now(),
    }


def _number(text):
    """A row number, or None for anything that is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def _as_json(job):
    return {
        "id": job.pk,
        "kind": job.kind,
        "label": job.label,
        "state": job.state,
        "progress": job.progress,
        "step": job.step,
        "error": job.error,
        "result": job.result,
    }
