from contextlib import suppress

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from background import health, services
from background.models import Job


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
