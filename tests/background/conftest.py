import pytest

from background import services


@pytest.fixture
def folder(tmp_path):
    """Where the sample jobs leave their traces."""
    return tmp_path


@pytest.fixture
def queued(db, folder):
    def queue(kind="sample.mark", *, by=None, key=None):
        return services.enqueue(kind, payload={"folder": str(folder)}, by=by, key=key)

    return queue


@pytest.fixture
def runs(folder):
    """How many times a sample job has begun."""
    return lambda: (folder / "runs").read_text().count("run") if (folder / "runs").exists() else 0
