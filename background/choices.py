from datetime import timedelta

from django.db import models

LEASE = timedelta(seconds=30)  # a killed worker's job is taken over after this; a living one renews in time
TIME_LIMIT = timedelta(seconds=300)  # a handler that hangs longer loses its lease
REPUBLISH_AFTER = timedelta(seconds=40)  # a message not acted upon by then counts as lost
ATTEMPTS = 8
SILENT_AFTER = timedelta(seconds=60)  # a part that has not been heard of for so long counts as gone
TICK_LATE_AFTER = timedelta(seconds=90)  # where cron asks once a minute, a tick is not late just before its time
WORKER_PREFIX = "worker:"  # of the heartbeat of a worker process: worker:<machine>:<process>
FORGET_WORKER_AFTER = timedelta(days=1)
BACK_OFF = [timedelta(seconds=seconds) for seconds in (2, 5, 15, 60, 300, 900, 1800)]


class JobState(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "正在处理"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


FINISHED = (JobState.DONE, JobState.FAILED)
