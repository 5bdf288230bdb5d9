import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from audit import context
from audit.middleware import RequestContextMiddleware, client_ip


def request(forwarded=None, remote="192.0.2.1"):
    headers = {"REMOTE_ADDR": remote}
    if forwarded is not None:
        headers["HTTP_X_FORWARDED_FOR"] = forwarded
    return RequestFactory().get("/", **headers)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, "192.0.2.1"),
        (0, "10.9.9.9", "192.0.2.1"),
        (1, "10.9.9.9", "10.9.9.9"),
        (1, "6.6.6.6, 10.9.9.9", "10.9.9.9"),
        (2, "6.6.6.6, 10.9.9.9, 10.0.0.2", "10.9.9.9"),
        (2, "10.9.9.9", "10.9.9.9"),
        (1, "nonsense", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies

    assert client_ip(request(forwarded)) == expected


def test_no_address_at_all():
    assert client_ip(request(remote="")) == ""


def test_a_request_has_a_number_of_ours_and_leaves_nothing_behind():
    seen = []

    def view(asked):
        seen.append(context.current())
        return HttpResponse()

    asked = request()
    asked.META["HTTP_X_REQUEST_ID"] = "forged"
    response = RequestContextMiddleware(view)(asked)

    assert seen == [context.Origin(ip="192.0.2.1", request_id=asked.request_id)]
    assert response["X-Request-ID"] == asked.request_id != "forged"
    assert context.current() == context.Origin()


def test_a_crash_leaves_nothing_behind_either():
    def view(asked):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        RequestContextMiddleware(view)(request())

    assert context.current() == context.Origin()
