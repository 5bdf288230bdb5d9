"""Jobs whose runs and effect are files in the folder named by the payload: visible from every process."""

import time
from pathlib import Path

from background.registry import job
from background.run import JobRefused


def note_run(folder):
    with (folder / "runs").open("a") as runs:
        runs.write("run\n")


@job("sample.mark", label="做标记", steps=("写入",), attempts=3)
def mark(run):
    """Has its effect once, however often it runs: the file is created exclusively, as a unique row would be."""
    folder = Path(run.payload["folder"])
    note_run(folder)
    run.step("写入", 50)
    if not (folder / "effect").exists():
        with (folder / "effect").open("x") as effect:
            effect.write(str(run.job.pk))
    return {"url": "/", "label": "回到首页"}


@job("sample.wait", label="等待")
def wait(run):
    folder = Path(run.payload["folder"])
    note_run(folder)
    while not (folder / "go").exists():
        time.sleep(0.02)
    run.step("继续", 90)
    (folder / "effect").touch()


@job("sample.break", label="出错", attempts=2)
def break_down(run):
    raise ValueError("password=secret")


@job("sample.refuse", label="拒绝")
def refuse(run):
    raise JobRefused("本月已定稿，不再生成送审稿。")


@job("sample.owned", label="核对提交人")
def owned(run):
    return {"name": run.requester().name}
