"""The page of whoever runs the system: what lives, what could not be delivered, what failed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from audit.models import AuditEvent
from background import operations, registry, services
from background.choices import JobState
from background.models import Heartbeat, Job
from reminders.models import Notice
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PAGE = "/operations/"
SECRET = "省财政厅第2项未报"


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator():
    return client_of(make_user(name="康立新", roles=(Role.SYSTEM_ADMIN,)))


def fragment(client, part, query=""):
    return client.get(f"{PAGE}{query}", headers={"HX-Request": "true", "HX-Target": part})


def make_job(**columns):
    finished = {"finished_at": timezone.now()} if columns.get("state") in ("done", "failed") else {}
    return Job.objects.create(**({"kind": "sample.mark", "requester_name": "李静"} | finished | columns))


def make_parked(person, number=1, **columns):
    return Notice.objects.create(
        **{
            "key": f"digest:{person.pk}:{number}", "channel": "email", "kind": "digest", "user": person,
            "subject": SECRET, "content": {"greeting": SECRET}, "day": timezone.localdate(), "state": "parked",
            "attempts": 8, "error": "连不上邮件服务器。已尝试 8 次。",
        }
        | columns
    )  # fmt: skip


def test_an_empty_system_says_what_is_missing(operator):
    page = operator.get(PAGE).text

    for words in (
        "消息服务、作业通知、定时调度、工作进程异常",
        "没有响应过",
        "还没有后台作业",
        "未送达的邮件",
        "请检查后台作业是否启动",
    ):
        assert words in page
    assert [tick.label for tick in registry.ticks().values() if tick.label not in page] == []


def test_the_strip_says_the_same_as_readiness(operator):
    for name in ("broker", "background.relay", "scheduler", "worker:machine:1"):
        services.beat(name)
    assert Client().get("/readyz").json()["status"] == "ok"
    assert "运行正常" in operator.get(PAGE).text

    Heartbeat.objects.filter(name="worker:machine:1").update(at=timezone.now() - timedelta(seconds=61))

    assert Client().get("/readyz").json() == {
        "status": "degraded",
        "checks": {
            "database": "ok", "storage": "ok", "broker": "ok", "relay": "ok", "scheduler": "ok", "worker": "failed",
            "ticks": "ok", "mails": "ok",
        },
    }  # fmt: skip
    assert "工作进程异常" in operator.get(PAGE).text


def machinery_runs():
    for name in ("broker", "background.relay", "scheduler", "worker:machine:1"):
        services.beat(name)


def test_a_failing_or_late_tick_reaches_the_headline_and_readiness(operator):
    machinery_runs()
    services.beat("reminders.write", ok=False, detail="OverflowError")
    services.beat("background.sweep")
    Heartbeat.objects.filter(name="background.sweep").update(at=timezone.now() - timedelta(minutes=5))

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["status"], answer.json()["checks"]["ticks"]) == (
        200, "degraded", "failed",
    )  # fmt: skip
    assert sorted(answer.json()["failing"]) == ["background.sweep", "reminders.write"]
    page = operator.get(PAGE).text
    assert ("定时检查异常，页面可以照常使用" in page, "运行正常" in page, "生成提醒" in page) == (True, False, True)


def test_parked_mail_reaches_the_headline_and_readiness(operator):
    machinery_runs()
    make_parked(make_user(name="收件人"))

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["status"], answer.json()["checks"]["mails"]) == (
        200, "degraded", "failed",
    )  # fmt: skip
    assert "邮件异常" in operator.get(PAGE).text


@pytest.mark.parametrize("part", ["operations-state", "operations-jobs"])
def test_each_part_renews_itself_alone(operator, part):
    answer = fragment(operator, part, "?state=done")

    assert answer.status_code == 200
    assert answer.text.count('id="operations-') == 1
    assert f'id="{part}"' in answer.text
    assert 'hx-trigger="every 10s"' in answer.text
    assert "X-Unattended" in answer.text
    assert "<html" not in answer.text


def test_the_part_with_jobs_keeps_its_filter(operator):
    assert 'hx-get="/operations/?state=failed&amp;kind="' in operator.get(f"{PAGE}?state=failed&kind=").text


def test_every_job_is_listed_newest_first_with_what_became_of_it(operator):
    first = make_job(state="done", attempts=1)
    second = make_job(kind="sample.break", state="failed", attempts=8, error="已尝试 8 次仍未成功。")

    page = operator.get(PAGE).text

    assert page.index(f"出错 {second.pk}") < page.index(f"做标记 {first.pk}")
    for words in ("已尝试 8 次仍未成功。", "8 次", "李静", "1 项作业未完成", f'href="/jobs/{second.pk}/"'):
        assert words in page
    assert (f"/jobs/{second.pk}/retry/" in page, f"/jobs/{first.pk}/retry/" in page) == (True, False)


def test_jobs_are_found_by_state_and_kind(operator):
    done, failed = make_job(state="done"), make_job(state="failed")
    other = make_job(state="failed", kind="sample.break")

    def found(query):
        page = operator.get(f"{PAGE}?{query}").text
        return {job for job in (done, failed, other) if f'id="job-row-{job.pk}"' in page}

    assert found("") == {done, failed, other}
    assert found("state=failed") == {failed, other}
    assert found("kind=sample.mark") == {done, failed}
    assert found("state=failed&kind=sample.mark") == {failed}
    assert found("state=running") == set()


def test_an_unknown_filter_is_told_and_finds_nothing(operator):
    make_job()

    page = operator.get(f"{PAGE}?state=dead").text

    assert "筛选条件有误" in page
    assert 'id="job-row-' not in page


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "٣"])
def test_a_page_number_that_is_none_shows_the_newest(operator, before):
    job = make_job()

    assert f'id="job-row-{job.pk}"' in operator.get(PAGE, {"before": before}).text


def test_pages_follow_each_other_though_new_jobs_arrive(operator):
    jobs = [make_job(state="failed") for _ in range(35)]
    first = operator.get(f"{PAGE}?state=failed")
    make_job(state="failed")

    second = operator.get(f"{PAGE}?state=failed&before={jobs[5].pk}")

    assert f"?state=failed&amp;before={jobs[5].pk}#jobs" in first.text
    assert [job.pk for job in first.context["jobs"]] == [job.pk for job in reversed(jobs[5:])]
    assert [job.pk for job in second.context["jobs"]] == [job.pk for job in reversed(jobs[:5])]


def test_who_runs_the_system_tries_a_failed_job_again(operator, queued):
    job = queued("sample.refuse", by=make_user(name="李静"))
    services.run_job(job.pk)

    answer = operator.post(f"/jobs/{job.pk}/retry/", follow=True)

    job.refresh_from_db()
    assert (answer.status_code, job.state) == (200, JobState.QUEUED)
    assert AuditEvent.objects.filter(action="job.retried").get().actor_name == "康立新"


def test_what_came_of_a_job_is_its_requesters_alone(operator, queued):
    requester = make_user(name="李静")
    job = queued(by=requester)
    services.run_job(job.pk)
    address, data = f"/jobs/{job.pk}/", {"Accept": "application/json"}

    assert "回到首页" in client_of(requester).get(address).text
    assert client_of(requester).get(address, headers=data).json()["result"] != {}
    assert "回到首页" not in operator.get(address).text
    assert operator.get(address, headers=data).json()["result"] == {}
    assert "回到首页" not in operator.get(PAGE).text


def test_undelivered_mail_shows_whom_it_missed_and_why_but_not_what_it_says(operator):
    make_parked(make_user(name="范修远"))
    make_parked(make_user(name="送到了"), state="sent", error="")
    page = operator.get(PAGE).text

    for words in ("范修远", "每日提醒", "8 次", "连不上邮件服务器。已尝试 8 次。"):
        assert words in page
    assert (SECRET in page, "送到了" in page) == (False, False)


def test_one_undelivered_mail_is_sent_anew(operator):
    mine, other = make_parked(make_user(name="范修远")), make_parked(make_user(name="梁思齐"))

    page = operator.post(f"{PAGE}mails/{mine.pk}/retry/", follow=True).text

    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.state, mine.attempts, other.state) == ("queued", 0, "parked")
    assert "已重新排队，稍后发送。" in page
    assert AuditEvent.objects.filter(action="notice.retried").count() == 1


def test_a_mail_that_moved_meanwhile_is_left_alone(operator):
    sent = make_parked(make_user(), state="sent")

    page = operator.post(f"{PAGE}mails/{sent.pk}/retry/", follow=True).text

    sent.refresh_from_db()
    assert (sent.state, "这条消息已不在未送达之列。" in page) == ("sent", True)


@pytest.mark.parametrize("address", ["mails/999/retry/", "faxes/1/retry/", "faxes/retry/"])
def test_what_is_not_there_is_not_found(operator, address):
    assert operator.post(f"{PAGE}{address}").status_code == 404


def test_all_undelivered_mails_are_sent_anew_at_once(operator):
    for number in range(3):
        make_parked(make_user(), number)

    page = operator.post(f"{PAGE}mails/retry/", follow=True).text

    assert set(Notice.objects.values_list("state", flat=True)) == {"queued"}
    assert "已重新排队 3 条，稍后发送。" in page


def test_only_the_latest_undelivered_are_listed_and_the_rest_is_said(operator):
    person = make_user(name="范修远")
    for number in range(51):
        make_parked(person, number)

    page = operator.get(PAGE).text

    assert page.count('aria-label="重发给范修远"') == 50
    assert "只列最近 50 条" in page


def test_others_find_nothing_and_change_nothing():
    parked = make_parked(make_user(name="范修远"))
    for role in (Role.OFFICE_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.LEADER):
        client = client_of(make_user(roles=(role,)))
        assert client.get(PAGE).status_code == 404
        assert client.post(f"{PAGE}mails/{parked.pk}/retry/").status_code == 404
        assert client.post(f"{PAGE}mails/retry/").status_code == 404

    parked.refresh_from_db()
    assert parked.state == "parked"


def test_the_page_asks_as_often_for_one_row_as_for_many(operator):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert operator.get(PAGE).status_code == 200
        return len(captured)

    make_job()
    make_parked(make_user())
    services.beat("worker:machine:1")
    few = queries()
    for number in range(20):
        make_job()
        make_parked(make_user(), number)
        services.beat(f"worker:machine:{number + 2}")

    assert queries() == few


def test_a_queue_is_registered_once():
    with pytest.raises(ValueError):
        operations.register_queue(operations.queue_named("mails"))
