"""Who may open what: every address × every kind of person, expected from the rules of the design, not from output.

The columns stand in the order of `ACTORS`. 302 leads to the sign-in page, or on from a page that only points the way;
404 is the answer for what is absent and for what is out of reach alike. A row with 401 is an address that takes POST
only: it is posted to (and rolled back), 405 stands for being taken, 401 for signing in first.
"""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts import services as account_services
from calendars import clock
from reports import services as monthly
from tasks import services
from tasks.querysets.cycle import ProgressReportQuerySet
from tasks.querysets.plan import WorkItemQuerySet
from tests.access.office import ACTORS, NOW, OTHER_DRAFT, OTHER_ISSUED, OTHER_SUBMITTED, OWN_DRAFT, Office, make_office
from tests.tasks.world import local, make_user

pytestmark = pytest.mark.django_db

#                 anon admin staff own other leader county system security auditor disabled
EVERYBODY_IN = (302, 200, 200, 200, 200, 200, 200, 200, 200, 200, 302)
HOME = (302, 200, 200, 302, 302, 200, 302, 302, 302, 302, 302)
PUBLIC = (200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200)
PLAN = (302, 200, 200, 200, 200, 200, 404, 404, 404, 404, 302)
ITEM = (302, 200, 200, 200, 200, 200, 200, 404, 404, 404, 302)
COUNTIES = (302, 200, 200, 404, 404, 200, 404, 404, 404, 404, 302)
COUNTY = (302, 200, 200, 404, 404, 200, 200, 404, 404, 404, 302)
COUNTY_WRITES = (401, 404, 404, 404, 404, 404, 405, 404, 404, 404, 401)
OFFICE = (302, 200, 200, 404, 404, 404, 404, 404, 404, 404, 302)
OFFICE_POSTS = (401, 405, 405, 404, 404, 404, 404, 404, 404, 404, 401)
ADMIN = (302, 200, 404, 404, 404, 404, 404, 404, 404, 404, 302)
OPERATIONS = (302, 404, 404, 404, 404, 404, 404, 200, 404, 404, 302)
OPERATIONS_POSTS = (401, 404, 404, 404, 404, 404, 404, 405, 404, 404, 401)
SECURITY = (302, 404, 404, 404, 404, 404, 404, 404, 200, 404, 302)
NOTHING_TO_RELEASE = (401, 404, 404, 404, 404, 404, 404, 404, 404, 404, 401)
AUDITOR = (302, 404, 404, 404, 404, 404, 404, 404, 404, 200, 302)
FILERS = (302, 200, 200, 200, 200, 200, 404, 404, 404, 404, 302)
FILERS_OWN = (302, 404, 404, 200, 200, 404, 404, 404, 404, 404, 302)
REPORT = (302, 200, 200, 200, 404, 200, 404, 404, 404, 404, 302)
# Staff hand in for a department through the form; a draft's text is its department's alone, so they have no check page.
REPORT_WRITES = (302, 302, 302, 200, 404, 404, 404, 404, 404, 404, 302)
REPORT_POSTS = (401, 405, 405, 405, 404, 404, 404, 404, 404, 404, 401)
REQUESTS = (302, 200, 200, 200, 200, 200, 200, 404, 404, 404, 302)
ISSUED = (302, 200, 200, 200, 200, 200, 404, 404, 404, 404, 302)
JOB = (302, 404, 200, 404, 404, 404, 404, 200, 404, 404, 302)
JOB_POSTS = (401, 404, 405, 404, 404, 404, 404, 405, 404, 404, 401)
ANY_REPORT_POSTS = (401, 405, 405, 405, 404, 404, 404, 404, 404, 404, 401)
DRAFT_FILE = (302, 404, 404, 200, 404, 404, 404, 404, 404, 404, 302)
ISSUED_ON = (302, 302, 302, 302, 302, 302, 404, 404, 404, 404, 302)
RECEIPT = (302, 200, 200, 200, 404, 200, 404, 404, 404, 404, 302)
OWN_NOTICE = (401, 404, 404, 405, 404, 404, 404, 404, 404, 404, 401)
EVERYBODY_POSTS = (401, 405, 405, 405, 405, 405, 405, 405, 405, 405, 401)
SIGN_IN = (200, 302, 302, 302, 302, 302, 302, 302, 302, 302, 200)
SIGN_OUT = (302, 200, 200, 200, 200, 200, 200, 200, 200, 200, 302)
# The second factor's pages first ask for the password again.
REAUTHENTICATE = (302, 302, 302, 302, 302, 302, 302, 302, 302, 302, 302)
WITHOUT_FACTOR = (302, 404, 404, 404, 404, 404, 404, 404, 404, 404, 302)
NOWHERE_ELSE = (302, 302, 302, 302, 302, 302, 302, 302, 302, 302, 302)

TABLE: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "web:home": (HOME, ()),
    "web:plan-overview": (PLAN, ("plan",)),
    "web:item-detail": (ITEM, ("shared_item",)),
    "web:department-list": (PLAN, ()),
    "web:department-detail": (PLAN, ("department",)),
    "web:county-list": (COUNTIES, ()),
    "web:county-detail": (COUNTY, ("county",)),
    "web:county-note": (COUNTY_WRITES, ("county",)),
    "web:search": (EVERYBODY_IN, ()),
    "web:help": (EVERYBODY_IN, ()),
    "tasks:progress-list": (FILERS, ()),
    "tasks:progress-check-all": (FILERS_OWN, ()),
    "tasks:progress-start": (ANY_REPORT_POSTS, ("assignment", "november")),
    "tasks:progress-file": (DRAFT_FILE, ("attachment",)),
    "tasks:progress-edit": (REPORT, ("report",)),
    "tasks:progress-autosave": (REPORT_POSTS, ("report",)),
    "tasks:progress-check": (REPORT_WRITES, ("report",)),
    "tasks:progress-receipt": (RECEIPT, ("issued_report",)),
    "tasks:progress-withdraw": (REPORT_POSTS, ("report",)),
    "tasks:period-list": (OFFICE, ()),
    "tasks:period-open": (OFFICE, ()),
    "tasks:period-skip": (OFFICE, ()),
    "tasks:period-detail": (OFFICE, ("november",)),
    "tasks:period-unopen": (OFFICE, ("november",)),
    "tasks:period-extend": (OFFICE, ("november", "department")),
    "tasks:period-waive": (OFFICE, ("november", "department")),
    "tasks:assessments": (OFFICE, ("november",)),
    "tasks:assessments-confirm": (OFFICE_POSTS, ("november",)),
    "tasks:assessment-edit": (OFFICE, ("assessment",)),
    "tasks:assessment-confirm": (OFFICE_POSTS, ("assessment",)),
    "tasks:report-unwaive": (OFFICE_POSTS, ("report",)),
    "tasks:review-queue": (OFFICE, ()),
    "tasks:review-done": (OFFICE, ()),
    "tasks:review-bulk": (OFFICE_POSTS, ()),
    "tasks:review-undo": (OFFICE_POSTS, ("event",)),
    "tasks:review-accept": (OFFICE_POSTS, ("waiting",)),
    "tasks:review-return": (OFFICE, ("waiting",)),
    "tasks:coordination-list": (REQUESTS, ()),
    "tasks:coordination-assign": (OFFICE_POSTS, ("request",)),
    "tasks:coordination-answer": (OFFICE_POSTS, ("request",)),
    "tasks:coordination-close": (OFFICE_POSTS, ("request",)),
    "tasks:note-answer": (OFFICE_POSTS, ("note",)),
    "reminders:desk": (OFFICE, ()),
    "reminders:chase": (OFFICE_POSTS, ("november",)),
    "reminders:undo": (OFFICE_POSTS, ("click",)),
    "reminders:call": (OFFICE, ("november", "department")),
    "reminders:phones": (OFFICE, ("november",)),
    "reminders:sheet": (OFFICE, ("november",)),
    "reminders:notice-list": (EVERYBODY_IN, ()),
    "reminders:notice-read": (OWN_NOTICE, ("notice",)),
    "reminders:notice-read-all": (EVERYBODY_POSTS, ()),
    "imports:list": (OFFICE, ()),
    "imports:new": (OFFICE, ()),
    "imports:detail": (OFFICE, ("import",)),
    "imports:file": (OFFICE, ("import",)),
    "imports:facts": (OFFICE, ("import",)),
    "imports:act": (OFFICE_POSTS, ("import",)),
    "imports:steps": (OFFICE, ("import",)),
    "imports:undo": (OFFICE_POSTS, ("import", "import_step")),
    "imports:publish": (OFFICE, ("import",)),
    "imports:removal": (OFFICE_POSTS, ("import", "import_removal")),
    "imports:item": (OFFICE_POSTS, ("import_item",)),
    "imports:split": (OFFICE, ("import_item",)),
    "imports:unit": (OFFICE, ("import_unit",)),
    "reports:monthly-list": (ISSUED, ()),
    "reports:monthly-detail": (ISSUED, ("october",)),
    "reports:monthly-preview": (OFFICE_POSTS, ("november",)),
    "reports:monthly-draft": (OFFICE_POSTS, ("november",)),
    "reports:monthly-finalise": (OFFICE, ("november",)),
    "reports:monthly-correct": (OFFICE, ("october",)),
    "reports:edition-line": (ISSUED_ON, ("edition",)),
    "reports:edition-retry": (OFFICE_POSTS, ("edition",)),
    "reports:edition-download": (ISSUED, ("edition",)),
    "background:healthz": (PUBLIC, ()),
    "background:readyz": (PUBLIC, ()),
    "background:job-detail": (JOB, ("job",)),
    "background:job-retry": (JOB_POSTS, ("job",)),
    "background:operations": (OPERATIONS, ()),
    "background:message-retry": (OPERATIONS_POSTS, ("queue", "parked")),
    "background:message-retry-all": (OPERATIONS_POSTS, ("queue",)),
    "accounts:profile": (EVERYBODY_IN, ()),
    "accounts:settings": (EVERYBODY_IN, ()),
    "accounts:user-list": (ADMIN, ()),
    "accounts:user-create": (ADMIN, ()),
    "accounts:user-edit": (ADMIN, ("somebody",)),
    "accounts:user-disable": (ADMIN, ("somebody",)),
    "accounts:user-enable": (ADMIN, ("somebody",)),
    "accounts:user-password": (ADMIN, ("somebody",)),
    "accounts:post-list": (ADMIN, ()),
    "accounts:post-open": (ADMIN, ()),
    "accounts:post-hand-over": (ADMIN, ("post",)),
    "accounts:post-absence": (ADMIN, ("post",)),
    "accounts:post-end": (ADMIN, ("post",)),
    "accounts:department-list": (ADMIN, ()),
    "accounts:grant-list": (SECURITY, ()),
    "accounts:grant-give": (SECURITY, ()),
    "accounts:grant-end": (SECURITY, ("grant",)),
    "accounts:lockout-list": (SECURITY, ()),
    "accounts:lockout-release": (NOTHING_TO_RELEASE, ()),
    "accounts:suggestion-list": (EVERYBODY_IN, ()),
    "accounts:suggestion-answer": (OFFICE, ("suggestion",)),
    "audit:event-list": (AUDITOR, ()),
    "account_login": (SIGN_IN, ()),
    "account_logout": (SIGN_OUT, ()),
    "account_inactive": (PUBLIC, ()),
    "account_reauthenticate": (EVERYBODY_IN, ()),
    "account_change_password": (EVERYBODY_IN, ()),
    "usersessions_list": (EVERYBODY_IN, ()),
    "mfa_index": (EVERYBODY_IN, ()),
    "mfa_authenticate": (NOWHERE_ELSE, ()),
    "mfa_reauthenticate": (REAUTHENTICATE, ()),
    "mfa_activate_totp": (REAUTHENTICATE, ()),
    "mfa_deactivate_totp": (WITHOUT_FACTOR, ()),
    "mfa_view_recovery_codes": (WITHOUT_FACTOR, ()),
    "mfa_generate_recovery_codes": (REAUTHENTICATE, ()),
    "mfa_download_recovery_codes": (WITHOUT_FACTOR, ()),
}


def addresses(resolver=None, prefix: tuple[str, ...] = ()) -> list[str]:
    """The names of every address the site answers."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            found.append(":".join((*prefix, pattern.name or str(pattern.pattern))))
        else:
            found += addresses(pattern, (*prefix, pattern.namespace) if pattern.namespace else prefix)
    return found


def url_of(name: str, office: Office) -> str:
    return reverse(name, args=[office.things[thing].pk for thing in TABLE[name][1]])


def client_of(office: Office, actor: str) -> Client:
    client = Client()
    if office.users[actor]:
        client.force_login(office.users[actor])
    return client


def answers(office: Office, actor: str, names=TABLE) -> dict[str, int]:
    """Status of each address for one actor; sign-out comes last because it ends the session."""
    client = client_of(office, actor)
    with clock.at(NOW):
        return {name: answer(client, name, url_of(name, office)) for name in last_sign_out(names)}


def last_sign_out(names) -> list[str]:
    return sorted(names, key=lambda name: name == "account_logout")


def expected_in_order(actor: str) -> list[int]:
    return [expected(actor)[name] for name in last_sign_out(TABLE)]


def answer(client: Client, name: str, url: str) -> int:
    if 401 not in TABLE[name][0]:
        response = client.get(url)
        body_of(response)
        return response.status_code
    status = posted(client, url)
    return status if status in (401, 404) else 405


def posted(client: Client, url: str) -> int:
    """Status of a POST that leaves nothing behind."""
    with transaction.atomic():
        status = client.post(url, {"version": 1}).status_code
        transaction.set_rollback(True)
    return status


def expected(actor: str, names=TABLE) -> dict[str, int]:
    column = ACTORS.index(actor)
    return {name: TABLE[name][0][column] for name in names}


def test_every_address_has_a_row():
    unstated = [name for name in addresses() if name not in TABLE and not name.startswith("api:")]
    assert unstated == []


def test_each_person_gets_what_the_table_says():
    office = make_office()

    surprises = [
        (actor, name, got, stated)
        for actor in ACTORS
        for (name, got), stated in zip(answers(office, actor).items(), expected_in_order(actor), strict=True)
        if got != stated
    ]

    assert surprises == []


def test_what_is_out_of_reach_takes_no_post_either():
    office = make_office()
    taken = []
    for actor in [actor for actor in ACTORS if actor not in ("anonymous", "disabled")]:
        client = client_of(office, actor)
        out_of_reach = [name for name, status in expected(actor).items() if status == 404 and ":" in name]
        with clock.at(NOW):
            answered = [(actor, name, posted(client, url_of(name, office))) for name in out_of_reach]
        taken += [row for row in answered if row[2] not in (404, 405)]

    assert taken == []


# Who may never meet a canary, whatever he opens. `other` shares item 2 with the department that wrote OTHER_*.
FORBIDDEN = {
    OWN_DRAFT: [actor for actor in ACTORS if actor != "own"],
    OTHER_DRAFT: list(ACTORS),
    OTHER_SUBMITTED: ["anonymous", "own", "other", "county", "system", "security", "auditor", "disabled"],
    OTHER_ISSUED: ["anonymous", "system", "security", "auditor", "disabled"],
}


def test_no_page_shows_a_text_that_is_not_for_its_reader():
    office = make_office()
    leaks = []
    for actor in ACTORS:
        client = client_of(office, actor)
        canaries = [canary for canary, actors in FORBIDDEN.items() if actor in actors]
        with clock.at(NOW):
            for name in [name for name, status in expected(actor).items() if status == 200]:
                body = unpacked(body_of(client.get(url_of(name, office))))
                leaks += [(actor, name, canary) for canary in canaries if canary.encode() in body]

    assert leaks == []


def body_of(response) -> bytes:
    """The whole body. Closing the response itself would close the test's database connection."""
    body = response.getvalue()
    if getattr(response, "file_to_stream", None):
        response.file_to_stream.close()
    return body


def unpacked(body: bytes) -> bytes:
    """The bytes themselves; of a workbook everything inside it."""
    if not body.startswith(b"PK"):
        return body
    with ZipFile(BytesIO(body)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_those_who_may_read_a_text_do_find_it():
    """The canaries are really there: otherwise their absence would prove nothing."""
    office = make_office()
    finance = reverse("web:item-detail", args=[office.things["shared_item"].pk])
    water = reverse("tasks:progress-edit", args=[office.things["report"].pk])
    with clock.at(NOW):
        assert OWN_DRAFT in client_of(office, "own").get(water).content.decode()
        assert OTHER_SUBMITTED in client_of(office, "leader").get(finance).content.decode()
        assert OTHER_ISSUED in client_of(office, "other").get(finance).content.decode()


def test_a_shared_text_opens_with_the_issue():
    """The second before finalising the other liaison reads nothing of it, the second after he does."""
    office = make_office()
    world, finance = office.world, office.things["finance"]
    finance.refresh_from_db()
    with clock.at(NOW):
        services.submit(finance, by=world.liaisons["省财政厅"], version=finance.version)
        for report in (finance, office.things["waiting"]):
            services.accept(report, by=world.staff, version=report.version)
    client, page = client_of(office, "other"), url_of("web:item-detail", office)
    assert OTHER_DRAFT not in client.get(page).content.decode()

    with clock.at(local(2024, 11, 28, 9)):
        monthly.finalise(office.things["november"], by=world.staff, signer="厅长", signed_on=date(2024, 11, 28))

    assert OTHER_DRAFT in client.get(page).content.decode()  # submitted in the end, and issued


def test_a_hand_over_holds_at_the_next_request():
    office = make_office()
    before = client_of(office, "own")
    successor = make_user("接任者")
    page = url_of("tasks:progress-edit", office)
    with clock.at(NOW):
        assert before.get(page).status_code == 200
        account_services.hand_over_post(office.things["post"], to=successor, by=office.world.admin)
        after = Client()
        after.force_login(successor)

        assert (before.get(page).status_code, after.get(page).status_code) == (404, 200)


def test_foreign_and_absent_look_alike():
    office = make_office()
    client = client_of(office, "own")
    with clock.at(NOW):
        foreign = client.get(reverse("tasks:progress-edit", args=[office.things["finance"].pk]))
        absent = client.get(reverse("tasks:progress-edit", args=[999_999]))

    assert foreign.status_code == absent.status_code == 404
    assert without_marks(foreign.content) == without_marks(absent.content)


def without_marks(body: bytes) -> bytes:
    """Without request id and CSRF value, which differ between any two answers."""
    return re.sub(rb'(?<=")[A-Za-z0-9]{64}(?=")|[0-9a-f]{32}', b"", body)


@pytest.mark.parametrize(
    ("queryset", "method", "name"),
    [
        (ProgressReportQuerySet, "openable_by", "tasks:progress-edit"),
        (WorkItemQuerySet, "visible_to", "web:item-detail"),
    ],
)
def test_a_page_without_its_filter_is_found_out(monkeypatch, queryset, method, name):
    """The check of the check: with `visible_to` gone from one page the table no longer holds."""
    office = make_office()
    monkeypatch.setattr(queryset, method, lambda self, user: self)

    got = {actor: answers(office, actor, [name]) for actor in ACTORS}

    assert got != {actor: expected(actor, [name]) for actor in ACTORS}
