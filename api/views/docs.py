from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView


class SchemaView(SpectacularJSONAPIView):
    """The description of this interface (OpenAPI 3), for signed-in people and programs."""

    permission_classes = (IsAuthenticated,)


@login_not_required  # the middleware would answer a path under /api/ with JSON; a person wants the sign-in page
@login_required
@require_safe
def docs(request):
    """The description as a page to read and to try out. Everything it loads is ours or the package's."""
    return render(request, "api/docs.html")


@extend_schema(exclude=True)
class AbsentView(APIView):
    """Every other address under /api/v1/ gives the same answer as a foreign or absent row."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        raise Http404
