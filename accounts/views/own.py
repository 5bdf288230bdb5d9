"""Pages for everybody: the settings, the own account, suggestions."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.account.views import PasswordChangeView
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services
from accounts.forms import AnswerForm, ContactForm, SuggestionForm
from accounts.middleware import password_due
from accounts.models import Suggestion, User
from accounts.sections import sections_for
from accounts.views.common import paged, permitted, tried
from departments.models import Department


@require_safe
def settings_home(request):
    return render(request, "accounts/settings.html", {"sections": sections_for(request.user)})


@permitted("user.manage")
@require_safe
def department_list(request):
    words = request.GET.get("q", "")[:60]
    departments = Department.objects.matching(words).in_protocol_order().for_table().select_related("successor")
    return render(request, "accounts/department_list.html", {"words": words, **paged(request, departments)})


class ChangePassword(PasswordChangeView):
    """allauth's page, which also serves people who must change their password before anything else."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"must_change": password_due(self.request.user)}


@require_http_methods(["GET", "POST"])
def profile(request):
    form = ContactForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if form.is_valid() and tried(form, services.change_profile, request.user, **form.cleaned_data, by=request.user):
        messages.success(request, "联系方式已保存。")
        return redirect("accounts:profile")
    context = {
        "form": form,
        "posts": request.user.current_posts,
        "second_factor": is_mfa_enabled(request.user),
        "password_days": settings.PASSWORD_DAYS,
    }
    return render(request, "accounts/profile.html", context)


@require_http_methods(["GET", "POST"])
def suggestion_list(request):
    form = SuggestionForm(request.POST or None, initial={"page": _page_before(request)})
    if form.is_valid() and tried(form, services.write_suggestion, **form.cleaned_data, by=request.user):
        messages.success(request, "已提交，答复后会显示在本页。")
        return redirect("accounts:suggestion-list")
    suggestions = Suggestion.objects.visible_to(request.user).for_table()
    answers = request.user.may("suggestion.answer")
    if answers and request.GET.get("state") == "open":
        suggestions = suggestions.filter(state="open")
    return render(
        request, "accounts/suggestion_list.html", {"form": form, "answers": answers, **paged(request, suggestions)}
    )


@permitted("suggestion.answer")
@require_http_methods(["GET", "POST"])
def suggestion_answer(request, pk):
    suggestion = get_object_or_404(Suggestion.objects.visible_to(request.user).for_table(), pk=pk)
    form = AnswerForm(request.POST or None, initial={"answer": suggestion.answer})
    if form.is_valid() and tried(form, services.answer_suggestion, suggestion, **form.cleaned_data, by=request.user):
        messages.success(request, f"已答复{suggestion.author.name}。")
        return redirect("accounts:suggestion-list")
    return render(request, "accounts/suggestion_answer.html", {"form": form, "suggestion": suggestion})


def _page_before(request) -> str:
    """The path of the page from which the footer's link was followed, so that nobody has to describe it."""
    parts = urlsplit(request.headers.get("Referer", ""))
    return parts.path if parts.netloc == request.get_host() and parts.path != request.path else ""
