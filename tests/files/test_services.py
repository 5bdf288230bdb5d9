import os
import time
import uuid

import pytest

from audit.models import AuditEvent
from files import services
from files.models import StoredFile, path_of
from tests.audit.actors import Person
from tests.files import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


@pytest.fixture
def stored(db):
    return services.store(samples.upload("10月 “进展”.pdf", samples.PDF), by=Person(), quota_key="department:1")


def lie_about(path, *, hours):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    old = time.time() - hours * 3600
    os.utime(path, (old, old))
    return path


def test_a_download_is_an_attachment_that_cannot_act(stored):
    response = services.serve(stored, by=Person(pk=9, name="李雷"))

    assert b"".join(response.streaming_content) == samples.PDF
    response.file_to_stream.close()  # closing the response would end the test's database connection as well
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''10%E6%9C%88%20%E2%80%9C%E8%BF%9B%E5%B1%95%E2%80%9D.pdf"
    )
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    event = AuditEvent.objects.of(stored).last()
    assert (event.action, event.actor_name) == ("file.downloaded", "李雷")


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"%PDF-other")])
def test_missing_or_changed_bytes_are_an_alarm_not_a_download(stored, damage, caplog):
    damage(stored.path)

    with pytest.raises(services.FileLost):
        services.serve(stored, by=Person())

    assert str(stored.pk) in caplog.text
    assert not AuditEvent.objects.filter(action="file.downloaded").exists()


def test_the_sweeper_takes_only_what_is_old_and_has_no_row(stored):
    os.utime(stored.path, (0, 0))
    orphan = lie_about(path_of(uuid.uuid4()), hours=25)
    recent = lie_about(path_of(uuid.uuid4()), hours=23)
    torn = lie_about(stored.path.parent.parent / "incoming" / uuid.uuid4().hex, hours=25)
    uploading = lie_about(torn.with_name(uuid.uuid4().hex), hours=0)

    assert services.sweep_unreferenced() == 2
    assert services.sweep_unreferenced() == 0

    assert [path.exists() for path in (stored.path, recent, uploading)] == [True] * 3
    assert [path.exists() for path in (orphan, torn)] == [False] * 2
    assert AuditEvent.objects.filter(action="file.swept").get().after == {"files": 2}


def test_the_sweeper_on_an_empty_installation():
    assert services.sweep_unreferenced() == 0


def test_lost_files_are_listed(stored):
    assert services.lost_files() == []

    stored.path.unlink()

    assert services.lost_files() == [StoredFile.objects.get()]
