import pytest

from tests.imports.drafts import reviewed
from tests.tasks.world import make_world


@pytest.fixture
def world(db):
    """The small office: 省水利厅, 省财政厅, 省林业局; an administrator and two of its staff."""
    return make_world()


@pytest.fixture
def document(world):
    """The small document, read and waiting for its review."""
    return reviewed(world.staff)
