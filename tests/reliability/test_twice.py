"""Every registered job and tick, whatever it is: run twice, in turn and at once, it leaves what one run leaves.

The list is the registry's own, so that a new job or tick without a world in `worlds` fails here by its name.
"""

import pytest

from background import registry
from background.models import Job
from tests.background.sample import careless
from tests.reliability.twice import Lab, places_of, run_job, run_tick, take_over
from tests.reliability.worlds import WORLDS, office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
TRIALS = 2  # of two that merely start together
TICK_PLACES = {
    "reminders.write": ("notice.before_write", "notice.written"),
    "reminders.mail": ("mail.claimed", "mail.sent"),
}


def ours(registered):
    return sorted(name for name in registered if not name.startswith("sample."))


@pytest.fixture
def lab(mail_ready, tmp_path, sink):
    return Lab(tmp_path, sink)


@pytest.fixture
def built():
    def build(name):
        assert name in WORLDS, f"{name}: tests/reliability/worlds.py has no world in which it has something to do"
        WORLDS[name]()

    return build


@pytest.mark.parametrize("name", ours(registry.ticks()))
def test_tick_twice_is_as_once(lab, built, name):
    built(name)
    tick = run_tick(name)
    once = lab.run(tick)
    assert once != lab.untouched(), f"{name} found nothing to do"

    assert lab.run(tick, tick) == once
    for _ in range(TRIALS):
        assert lab.run(tick, tick, at_once=True) == once
    for place in TICK_PLACES.get(name, ()):
        assert lab.held_while(place, tick, tick) == once, place


@pytest.mark.parametrize("name", ours(registry.jobs()))
def test_job_twice_is_as_once(lab, built, name):
    """Its first run dies with the effect done and not yet marked, or is overtaken anywhere on its way."""
    built(name)
    once = lab.run(run_job(name))
    assert once != lab.untouched(), f"{name} found nothing to do"

    assert lab.killed_then("job.effect", run_job(name), take_over(name)) == once
    for _ in range(TRIALS):
        assert lab.run(run_job(name), run_job(name), at_once=True) == once
    for place in places_of(name):
        assert lab.held_while(place, run_job(name), take_over(name)) == once, place


class TestCareless:
    """The same comparison finds out work that may not run twice; else all of the above proves nothing."""

    @pytest.fixture(autouse=True)
    def world(self, mail_ready):
        office()

    def tick(self, name):
        return lambda: (careless.register(), run_tick(name)())

    def job(self, name, act=run_job):
        Job.objects.get_or_create(kind=name)
        return lambda: (careless.register(), act(name)())

    def test_tick_in_turn(self, lab):
        tick = self.tick("sample.forgetful")

        assert [len(lab.run(*[tick] * times).sends) for times in (1, 2)] == [1, 2]

    def test_tick_at_once(self, lab):
        tick = self.tick("sample.hasty")

        assert len(lab.run(tick, tick).sends) == 1
        assert len(lab.run(tick, tick, at_once=True).sends) == 2

    def test_job_in_turn(self, lab):
        job, second = self.job("sample.forgetful"), self.job("sample.forgetful", take_over)

        assert len(lab.run(job).sends) == 1
        assert len(lab.killed_then("job.effect", job, second).sends) == 2

    def test_job_at_once(self, lab):
        job, second = self.job("sample.hasty"), self.job("sample.hasty", take_over)

        assert len(lab.killed_then("job.effect", job, second).sends) == 1
        assert len(lab.held_while("job.claimed", job, second).sends) == 2
