import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from background import registry, services
from background.choices import JobState
from background.models import Heartbeat
from config.env import BASE_DIR
from tests.factories import make_user
from tests.services import free_port

pytestmark = pytest.mark.django_db
PARTS = ("database", "storage", "broker", "relay", "scheduler", "worker", "ticks", "mails")
ALL_WELL = dict.fromkeys(PARTS, "ok")


@pytest.fixture
def requester():
    return make_user(name="李静")


@pytest.fixture
def job(queued, requester):
    return queued(by=requester)


def sign_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_requester_sees_the_whole_page(job, requester):
    page = sign_in(requester).get(f"/jobs/{job.pk}/")

    assert page.status_code == 200
    assert "做标记" in page.text
    assert 'hx-trigger="every 1s"' in page.text
    assert "<html" in page.text


def test_polling_gets_the_fragment_until_the_end(job, requester):
    client = sign_in(requester)
    waiting = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"})
    services.run_job(job.pk)
    done = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"})

    assert ("<html" in waiting.text, "hx-trigger" in waiting.text) == (False, True)
    assert ("HX-Trigger" in waiting.headers, done.headers["HX-Trigger"]) == (False, "job-finished")
    assert "hx-trigger" not in done.text
    assert '<a href="/">回到首页</a>' in done.text


def test_programs_get_json(job, requester):
    answer = sign_in(requester).get(f"/jobs/{job.pk}/", headers={"Accept": "application/json"}).json()

    assert answer == {
        "id": job.pk,
        "kind": "sample.mark",
        "label": "做标记",
        "state": "queued",
        "progress": 0,
        "step": "",
        "error": "",
        "result": {},
    }


def test_somebody_elses_job_is_as_absent_as_none(job):
    client = sign_in(make_user())

    for method in (client.get, client.post):
        assert method(f"/jobs/{job.pk}/retry/").status_code == method("/jobs/999999/retry/").status_code != 200
    assert client.get(f"/jobs/{job.pk}/").status_code == client.get("/jobs/999999/").status_code == 404
    assert client.post(f"/jobs/{job.pk}/retry/").status_code == 404


def test_who_runs_the_system_sees_every_job(job):
    assert sign_in(make_user(roles=(Role.SYSTEM_ADMIN,))).get(f"/jobs/{job.pk}/").status_code == 200


def test_failed_job_is_tried_again_from_its_page(queued, requester):
    job = queued("sample.refuse", by=requester)
    services.run_job(job.pk)
    client = sign_in(requester)
    assert "本月已定稿，不再生成送审稿。" in client.get(f"/jobs/{job.pk}/").text

    answer = client.post(f"/jobs/{job.pk}/retry/", follow=True)

    job.refresh_from_db()
    assert (answer.status_code, job.state) == (200, JobState.QUEUED)


def test_visitors_are_sent_to_sign_in(job):
    assert Client().get(f"/jobs/{job.pk}/").status_code == 302


def test_process_answers_without_signing_in_or_asking_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.both_databases
def test_readiness_follows_the_heartbeats():
    silent = Client().get("/readyz")
    for name in ("broker", "background.relay", "scheduler", "worker:machine:1"):
        services.beat(name)
    well = Client().get("/readyz")
    Heartbeat.objects.filter(name="scheduler").update(at=timezone.now() - timedelta(seconds=61))
    services.beat("broker", ok=False, detail="ConnectionError")
    ill = Client().get("/readyz")

    assert (silent.status_code, silent.json()["status"]) == (200, "degraded")
    assert (well.status_code, well.json()) == (200, {"status": "ok", "checks": ALL_WELL})
    assert (ill.status_code, ill.json()) == (
        200, {"status": "degraded", "checks": ALL_WELL | {"broker": "failed", "scheduler": "failed"}},
    )  # fmt: skip


def test_storage_that_cannot_be_written_is_unavailable(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "gone"

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["checks"]["storage"]) == (503, "failed")


ASK = """
import django; django.setup()
from django.test import Client
client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
for address in ("/healthz", "/readyz", "/"):
    if address == "/":  # probes bring no cookie
        client.cookies["sessionid"] = "a" * 32
    answer = client.get(address)
    print(answer.status_code, answer.headers.get("Retry-After"), "系统正在维护" in answer.text)
"""


def test_without_a_database_pages_say_so_plainly():
    environment = os.environ | {
        "DATABASE_URL": f"postgres://postgres@127.0.0.1:{free_port()}/none",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    ended = subprocess.run([sys.executable, "-c", ASK], cwd=BASE_DIR, env=environment, capture_output=True, text=True)

    assert ended.stdout.splitlines() == ["200 None False", "503 None False", "503 30 True"], ended.stderr


def run_tick(capsys, *arguments):
    try:
        call_command("run_tick", *arguments)
        code = 0
    except SystemExit as ended:
        code = ended.code
    return code, capsys.readouterr().out


def test_run_tick_does_the_queued_work_and_says_so(queued, runs, capsys):
    queued()

    code, out = run_tick(capsys, "--format", "json")

    answer = json.loads(out)
    assert (code, answer["jobs"], runs()) == (0, 1, 1)
    assert {"name": "background.sweep", "label": "接续中断的作业", "ok": True, "count": 0} in answer["ticks"]
    assert "background.relay" not in [tick["name"] for tick in answer["ticks"]]
    assert run_tick(capsys) == (0, run_tick(capsys)[1])


def test_tick_that_fails_does_not_stop_the_others(queued, runs, capsys, monkeypatch):
    def broken():
        raise ValueError

    monkeypatch.setitem(registry._ticks, "a.broken", registry.Tick("a.broken", "坏的", timedelta(1), False, broken))
    queued()

    code, out = run_tick(capsys)

    assert (code, runs()) == (1, 1)
    assert "坏的：失败" in out
    assert "后台作业：处理 1 项" in out
    assert Heartbeat.objects.get(name="a.broken").ok is False
