"""The same request sent twice, one after the other and at the same moment: one effect, one reply."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from knox.models import AuthToken

from api.jobs import sweep
from api.models import IdempotencyKey
from audit.models import AuditEvent
from tasks.models import ReportEvent
from tests.api.conftest import Program
from tests.tasks.world import make_october

KEY = {"Idempotency-Key": "7d5c1f0e-month-10"}


@pytest.fixture
def submitting(world):
    """(program, path, report) of a draft about to be handed in."""
    report = world.draft(world.report("1", "省水利厅"))
    return Program(world.liaisons["省水利厅"]), f"reports/{report.pk}/submit/", report


def submissions(report) -> int:
    return ReportEvent.objects.filter(report=report, verb="submitted").count()


def test_twice_in_turn_takes_effect_once_and_answers_alike(submitting):
    program, path, report = submitting

    first = program.post(path, {"version": 1}, **KEY)
    trail = AuditEvent.objects.count()
    second = program.post(path, {"version": 1}, **KEY)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert (submissions(report), AuditEvent.objects.count()) == (1, trail)


def test_without_the_key_the_second_is_a_conflict(submitting):
    program, path, _ = submitting

    statuses = [program.post(path, {"version": 1}).status_code for _ in range(2)]

    assert (statuses, IdempotencyKey.objects.count()) == ([200, 409], 0)


def test_a_saved_draft_may_be_repeated_too(submitting):
    program, _, report = submitting
    path = f"reports/{report.pk}/draft/"

    answers = [program.patch(path, {"version": 1, "problems": "没有。"}, **KEY) for _ in range(2)]

    assert [answer.json()["version"] for answer in answers] == [2, 2]


def test_the_key_belongs_to_one_content_one_address_and_one_user(submitting, world):
    program, path, _ = submitting
    program.post(path, {"version": 1}, **KEY)

    other_content = program.post(path, {"version": 2}, **KEY)
    other_address = program.post(path.replace("submit", "withdraw"), {"version": 2}, **KEY)
    foreign = Program(world.liaisons["省财政厅"]).post(path, {"version": 1}, **KEY)

    assert (other_content.status_code, other_content.json()["code"]) == (422, "key_reused")
    assert (other_address.status_code, other_address.json()["state"]) == (200, "draft")
    assert foreign.status_code == 404


def test_a_refused_request_leaves_no_key_and_may_be_sent_again(submitting):
    program, path, _ = submitting

    refused = program.post(path, {"version": 0}, **KEY)
    assert (refused.status_code, IdempotencyKey.objects.count()) == (409, 0)

    assert program.post(path, {"version": 1}, **KEY).status_code == 200


def test_a_repeated_request_after_the_post_was_handed_over_is_refused(submitting):
    program, path, _ = submitting
    program.post(path, {"version": 1}, **KEY)
    program.user.posts.all().delete()

    assert program.post(path, {"version": 1}, **KEY).status_code == 404


@pytest.mark.parametrize("key", ["", "x" * 101, "一月"])
def test_a_key_that_is_none_is_refused(submitting, key):
    program, path, report = submitting

    answer = program.post(path, {"version": 1}, **{"Idempotency-Key": key.encode().decode("latin-1")})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])
    assert submissions(report) == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_twice_at_once_takes_effect_once():
    world = make_october()
    program = Program(world.liaisons["省水利厅"])
    for trial in range(10):
        report = world.report("1", "省水利厅")
        world.draft(report)
        report.refresh_from_db()
        path, before, headers = f"reports/{report.pk}/submit/", submissions(report), {"Idempotency-Key": f"k{trial}"}

        answers = at_once(program, path, {"version": report.version}, headers)

        assert {answer.status_code for answer in answers} <= {200, 409}
        done = [answer.json() for answer in answers if answer.status_code == 200]
        assert done
        assert all(reply == done[0] for reply in done)
        assert all(answer.json()["code"] == "in_progress" for answer in answers if answer.status_code == 409)
        assert submissions(report) == before + 1
        report.refresh_from_db()
        program.post(f"reports/{report.pk}/withdraw/", {"version": report.version})


def at_once(program, path, body, headers) -> list:
    barrier, answers, crashes = threading.Barrier(2), [], []

    def send():
        try:
            barrier.wait(timeout=20)
            answers.append(program.post(path, body, **headers))
        except BaseException as crash:
            crashes.append(crash)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if crashes:
        raise crashes[0]
    assert len(answers) == 2
    return answers


def test_keys_of_yesterday_and_ended_tokens_are_swept(submitting):
    program, path, _ = submitting
    program.post(path, {"version": 1}, **KEY)
    assert sweep() == 0
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    AuthToken.objects.create(program.user, expiry=timedelta(hours=-1))

    assert (sweep(), sweep()) == (2, 0)
    assert (IdempotencyKey.objects.count(), AuthToken.objects.count()) == (0, 1)
