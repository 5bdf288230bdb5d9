from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def help_page(request) -> HttpResponse:
    """The manual on one page: what the states and lights mean, what each role does, whom to call."""
    return render(request, "web/help.html")
