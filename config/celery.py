"""The Celery application: how messages travel and when ticks are asked. The work itself is in `background`."""

import logging
import os
import time

from celery import Celery
from celery.beat import Scheduler
from celery.signals import beat_embedded_init, worker_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.db import DatabaseError, connection

from config.file_broker import clear_left_overs
from config.launcher import die_with

logger = logging.getLogger(__name__)
TIME_LIMIT = 300  # seconds; below half of the visibility timeout, else a long job is started again and again
HEARTBEAT_EVERY = 10  # seconds
STARTED_AS = os.getpid()  # of the worker; its scheduler, forked from it, still reads this number


def _redis_options() -> dict:
    return {
        "visibility_timeout": 3 * TIME_LIMIT,
        # Without these two a message of a killed worker waits for minutes, whatever the timeout says.
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
    }


def _file_options() -> dict:
    """Files in the data folder. A message taken by a worker that dies is gone: its job row brings it back."""
    messages = settings.DATA_DIR / "broker" / "messages"
    messages.mkdir(parents=True, exist_ok=True)
    clear_left_overs(messages)
    return {"data_folder_in": str(messages), "data_folder_out": str(messages)}


app = Celery("workplan")
app.conf.update(
    broker_url=settings.REDIS_URL or "filesystem://localhost//",
    broker_transport=None if settings.REDIS_URL else "config.file_broker:Transport",
    broker_transport_options=_redis_options() if settings.REDIS_URL else _file_options(),
    broker_connection_retry_on_startup=True,
    accept_content=["json"],
    task_serializer="json",
    result_backend=None,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=TIME_LIMIT,
    task_default_queue="workplan",
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    beat_scheduler="config.celery:TickScheduler",
    beat_max_loop_interval=5,
    timezone=settings.TIME_ZONE,
)
app.autodiscover_tasks(related_name="jobs")


@beat_embedded_init.connect
def scheduler_dies_with_worker(**_):
    """The embedded scheduler is a process of its own; without this it would outlive a killed worker."""
    die_with(STARTED_AS)


@worker_shutdown.connect
def worker_leaves(**_):
    from background import pulse

    try:
        pulse.leave()
    except DatabaseError:
        logger.exception("heartbeat of this worker not removed")


class TickScheduler(Scheduler):
    """The schedule is what the rooms have registered; nothing is kept between runs, for ticks ask what is true now."""

    def setup_schedule(self) -> None:
        from background import registry

        super().setup_schedule()
        self.merge_inplace({tick.name: _entry(tick) for tick in registry.ticks().values()})
        self._beaten = 0.0

    def tick(self, *args, **kwargs):
        if time.monotonic() - self._beaten > HEARTBEAT_EVERY:
            self._beat()
        return super().tick(*args, **kwargs)

    def apply_async(self, *args, **kwargs):
        from background import failpoints

        failpoints.reach("beat.tick")
        sent = super().apply_async(*args, **kwargs)
        failpoints.reach("beat.published")
        return sent

    def _beat(self) -> None:
        from background import services

        self._beaten = time.monotonic()
        try:
            services.beat("scheduler")
        except DatabaseError:
            logger.exception("heartbeat of the scheduler not written")
        finally:
            connection.close()


def _entry(tick) -> dict:
    # A tick that waits longer than its interval is worth nothing: the next one asks the same.
    options = {"expires": max(tick.every.total_seconds(), 2)}
    asked_last = app.now() - tick.every  # so that everything is asked at once after a start
    return {
        "task": "background.tick",
        "schedule": tick.every,
        "args": [tick.name],
        "options": options,
        "last_run_at": asked_last,
    }
