"""Measure the budgets of the design (section 6); print a table and JSON. Never a test: no figure fails it.

Starts two web processes on a database of its own with `generate_load`, signs in through a session row, and asks as a
browser would (cookie, gzip, kept connection). Times are wall clock on this machine, whatever else it is doing.
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = 18231
SECONDS = 5
sys.path.insert(0, str(ROOT))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="workplan-bench-") as folder:
        os.environ |= {"DATA_DIR": folder, "PORT": str(PORT), "DATABASE_URL": "", "REDIS_URL": "", "LOG_LEVEL": "ERROR"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        manage("prepare", "--no-bootstrap")
        manage("generate_load", "--months", "12")
        print_figures(measure(), title="12 个月，1 个计划")
        manage("generate_load", "--months", "12", "--plans", "10")
        print_figures(measure(pages_only=True), title="同一页面，另有 9 个计划")


def manage(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def measure(*, pages_only: bool = False) -> dict[str, object]:
    import django

    django.setup()
    site = Site()
    try:
        figures = {"首页可用（秒，上限 1.0）": site.start()}
        figures |= page_figures(site)
        if not pages_only:
            figures |= (
                saving(site) | first_load(site) | workbook() | {"两个网站进程 PSS（MB，上限 150）": site.memory()}
            )
        return figures
    finally:
        site.stop()


def print_figures(figures: dict[str, object], *, title: str) -> None:
    print(f"\n{title}")
    width = max(len(name) for name in figures)
    for name, value in figures.items():
        print(f"  {name.ljust(width, '　')}  {value}")
    print(json.dumps({title: figures}, ensure_ascii=False))


class Site:
    """Two web processes, and a signed-in visitor of the office."""

    def start(self) -> float:
        """Seconds from starting the processes to the first answered page."""
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn"], cwd=ROOT
        )
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
                connection.request("GET", "/accounts/login/")
                connection.getresponse().read()
                return round(time.perf_counter() - began, 2)
            except OSError:
                time.sleep(0.01)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)

    def memory(self) -> float:
        """PSS of all processes of the site in MB: shared pages counted once."""
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=True
        ).stdout.split()
        return round(sum(pss(pid) for pid in (str(self.process.pid), *children)) / 1024, 1)


def pss(pid: str) -> int:
    """Proportional set size in kB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])


def cookie_of(user) -> str:
    from django.test import Client

    client = Client()
    client.force_login(user)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def office_user():
    from accounts.models import User

    return User.objects.filter(grants__role="office_staff").first()


def ask(connection, path: str, cookie: str, **headers: str) -> http.client.HTTPResponse:
    connection.request(
        "GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip", "Host": "localhost"} | headers
    )
    return connection.getresponse()


def alone(path: str, cookie: str, **headers: str) -> float:
    """Median milliseconds of 40 requests by one visitor, after a first one."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    times = []
    for _ in range(41):
        began = time.perf_counter()
        ask(connection, path, cookie, **headers).read()
        times.append(1000 * (time.perf_counter() - began))
    return round(statistics.median(times[1:]), 1)


def crowd(path: str, cookie: str, **headers: str) -> str:
    """Requests a second and p95 in milliseconds of eight visitors at once."""
    times: list[float] = []
    until = time.perf_counter() + SECONDS

    def visit() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        while time.perf_counter() < until:
            began = time.perf_counter()
            ask(connection, path, cookie, **headers).read()
            times.append(1000 * (time.perf_counter() - began))

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    return f"{len(times) / SECONDS:.0f} 次/秒，p95 {statistics.quantiles(times, n=20)[-1]:.0f} 毫秒"


def pages() -> dict[str, str]:
    from tasks.models import Plan, ProgressReport

    plan = Plan.objects.order_by("pk").first()
    report = ProgressReport.objects.filter(plan=plan, period__state="open").order_by("pk").first()
    return {
        "总览 31×12（≤30 毫秒，≥74 次/秒）": f"/plans/{plan.pk}/",
        "事项页（≤15 毫秒，≥115 次/秒）": f"/items/{report.item_id}/",
        "处室首页": f"/?plan={plan.pk}",
        "填报页": f"/progress/{report.pk}/",
    }


def page_figures(site: Site) -> dict[str, object]:
    cookie = cookie_of(office_user())
    figures: dict[str, object] = {}
    for name, path in pages().items():
        figures[name] = f"{alone(path, cookie)} 毫秒；{crowd(path, cookie)}；查询 {queries(path)} 次"
    overview = next(iter(pages().values()))
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    first = ask(connection, overview, cookie)
    first.read()
    known = {"If-None-Match": first.headers["ETag"]}
    status = ask(connection, overview, cookie, **known).status
    figures["总览未变（304，≥500 次/秒）"] = (
        f"{status}；{alone(overview, cookie, **known)} 毫秒；{crowd(overview, cookie, **known)}"
    )
    return figures


SIGNED_IN = ("django_session", "accounts_user", "accounts_grant", "accounts_post")


def queries(path: str) -> int:
    """Queries of a page beyond session and user with his rights."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="localhost")
    client.force_login(office_user())
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return sum(not any(f'FROM "{table}"' in query["sql"] for table in SIGNED_IN) for query in captured)


def saving(site: Site) -> dict[str, object]:
    """Milliseconds of the autosave POST, and of opening, saving and seeing a report."""
    from accounts.models import Post
    from tasks.models import ProgressReport

    report = ProgressReport.objects.filter(period__state="open", state__in=("awaiting", "draft")).order_by("pk").first()
    liaison = Post.objects.filter(department=report.department, kind="primary", valid_to=None).first().user
    cookie, path = cookie_of(liaison), f"/progress/{report.pk}/"
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    posts, rounds = [], []
    for number in range(21):
        began = time.perf_counter()
        answer = ask(connection, path, cookie)
        page = unpacked(answer).decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
        csrf = next(
            (part.split(";")[0] for part in answer.headers.get_all("Set-Cookie") or [] if "csrf" in part.lower()), ""
        )
        body = f"csrfmiddlewaretoken={token}&version={version}&kind=progress&progress_text=%E8%BF%9B%E5%B1%95{number}"
        sent = {"Cookie": f"{cookie}; {csrf}", "Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}
        moment = time.perf_counter()
        connection.request("POST", f"{path}autosave/", body, sent)
        reply = connection.getresponse()
        reply.read()
        posts.append(1000 * (time.perf_counter() - moment))
        ask(connection, path, cookie).read()
        rounds.append(1000 * (time.perf_counter() - began))
        if reply.status != 200:
            return {"保存（≤12 毫秒）": f"没有成功：{reply.status}"}
    return {
        "保存一次（≤12 毫秒）": f"{statistics.median(posts[1:]):.1f} 毫秒",
        "打开、保存、再看（≤45 毫秒）": f"{statistics.median(rounds[1:]):.1f} 毫秒",
    }


def unpacked(answer: http.client.HTTPResponse) -> bytes:
    body = answer.read()
    return gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body


def first_load(site: Site) -> dict[str, object]:
    """Bytes on the wire and requests of a page and what it links, with an empty cache."""
    cookie = cookie_of(office_user())
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    figures = {}
    for name, path in list(pages().items())[:1] + list(pages().items())[-1:]:
        answer = ask(connection, path, cookie)
        raw = answer.read()
        page = gzip.decompress(raw).decode() if answer.headers.get("Content-Encoding") == "gzip" else raw.decode()
        linked = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
        size = len(raw)
        for url in linked:
            size += len(ask(connection, url, cookie).read())
        figures[f"首次打开 {name.split('（')[0]}（≤60 kB，≤6 次）"] = f"{size / 1024:.0f} kB，{1 + len(linked)} 次请求"
    return figures


def workbook() -> dict[str, object]:
    """Seconds and extra memory of gathering and laying out a whole month."""
    from reports.services import export
    from tasks.models import ReportingPeriod

    period = ReportingPeriod.objects.opened().order_by("pk").last()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (_, body, _), seconds = timed(lambda: export(period, by=office_user()))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {
        "月报汇总并制表（≤1.5 秒，120 MB）": f"{seconds:.2f} 秒，{len(body) / 1024:.0f} kB，多用内存 {grown:.0f} MB"
    }


def timed(work: Callable):
    """What `work` returns, and its seconds."""
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began


if __name__ == "__main__":
    main()
