"""The bridge to Celery: two messages, "look at this job" and "ask this question"; and the ticks of this room."""

from datetime import timedelta

from celery import current_app, shared_task

from background import pulse, registry, services


@shared_task(name="background.run")
def run(pk: int) -> None:
    pulse.beat()
    services.run_job(pk, alive=pulse.beat)


@shared_task(name="background.tick")
def tick(name: str) -> None:
    pulse.beat()
    services.run_tick(name)


@registry.tick("background.relay", label="通知后台作业", every=timedelta(seconds=2), needs_broker=True)
def relay() -> int:
    """Publish due jobs. That this runs at all shows that messages arrive; publishing shows that they leave."""
    try:
        sent = services.relay(_publish)
    except Exception as error:
        services.beat("broker", ok=False, detail=type(error).__name__)
        raise
    services.beat("broker")
    return sent


@registry.tick("background.sweep", label="接续中断的作业", every=timedelta(seconds=10))
def sweep() -> int:
    services.forget_workers()
    return services.sweep()


def _publish(pk: int) -> None:
    current_app.send_task("background.run", args=[pk], retry=False)
