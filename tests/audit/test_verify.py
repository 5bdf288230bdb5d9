import json
import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit import chain
from audit.models import AuditEvent, AuditHead
from audit.verify import verify
from tests.audit.actors import record

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def rows():
    """Twenty rows, with the triggers off (as for somebody who owns the database)."""
    return [record("x.done", by=None, after={"n": n}) for n in range(20)]


def found():
    fault = verify().fault
    return fault and (fault.sequence, fault.code)


def row(sequence):
    return AuditEvent.objects.filter(sequence=sequence)


def test_an_untouched_chain_is_whole(rows):
    report = verify()

    assert (report.rows, report.fault, report.head) == (20, None, f"20:{rows[-1].hash}")


def test_an_empty_chain_is_whole():
    assert (verify().rows, verify().fault) == (0, None)


@pytest.mark.parametrize(
    "column", ["actor_name", "actor_id", "action", "object_label", "result", "ip", "payload", "hash", "key_id"]
)
def test_an_edited_column_is_found(rows, column):
    row(7).update(**{column: "改"})

    assert verify().fault.sequence == 7


def test_an_edited_time_is_found(rows):
    row(7).update(at=rows[0].at)

    assert found() == (7, "edited")


def test_an_edit_that_keeps_text_and_columns_in_step_is_found(rows):
    content = {**rows[6].content, "actor_name": "别人"}
    row(7).update(actor_name="别人", payload=chain.canonical(content))

    assert found() == (7, "edited")


def test_a_deleted_row_is_found(rows):
    row(7).delete()

    assert found() == (7, "missing")


def test_a_deletion_closed_by_renumbering_is_found(rows):
    row(7).delete()
    for sequence in range(8, 21):
        row(sequence).update(sequence=sequence - 1)

    assert found() == (7, "edited")


def test_two_rows_exchanged_are_found(rows):
    row(7).update(sequence=1000)
    row(8).update(sequence=7)
    row(1000).update(sequence=8)

    assert found() == (7, "edited")


def test_an_inserted_row_is_found(rows):
    forged = {**rows[-1].content, "sequence": 21, "prev_hash": rows[-1].hash}
    AuditEvent.objects.create(
        **{**{name: getattr(rows[-1], name) for name in AuditEvent.SIGNED}, "sequence": 21, "prev_hash": rows[-1].hash},
        payload=chain.canonical(forged),
        hash="f" * 64,
    )

    assert found() == (21, "edited")


def test_a_row_before_the_first_is_found(rows):
    row(20).update(sequence=0)

    assert found() == (0, "inserted")


def test_a_cut_end_is_found_by_the_head(rows):
    row(20).delete()

    assert found() == (20, "cut")


def test_an_end_cut_together_with_the_head_needs_a_copy_kept_elsewhere(rows):
    kept = verify().head
    row(20).delete()
    AuditHead.objects.update(sequence=19, hash=rows[18].hash)

    assert found() is None
    assert verify(expected_head=kept).fault.code == "cut"


def test_a_chain_written_anew_by_a_holder_of_the_key_needs_a_copy_kept_elsewhere(rows):
    kept = verify().head
    AuditEvent.objects.all().delete()
    AuditHead.objects.update(sequence=0, hash=chain.GENESIS)
    for n in range(21):
        record("x.done", by=None, after={"n": -n})

    assert found() is None
    assert verify(expected_head=kept).fault.code == "head_differs"


def test_a_hundred_random_tamperings_are_all_named():
    """The first bad number is exact, over several chunks' worth of neighbours."""
    for n in range(40):
        record("x.done", by=None, after={"n": n})
    originals = list(AuditEvent.objects.values())
    chance = random.Random(20241025)
    for _ in range(100):
        at = chance.randint(1, 40)
        chance.choice(
            [
                lambda at=at: row(at).update(payload=originals[at - 1]["payload"].replace('"n":', '"n":1')),
                lambda at=at: row(at).delete(),
            ]
        )()
        assert verify().fault.sequence == at
        row(at).delete()
        AuditEvent.objects.create(**originals[at - 1])
    assert found() is None


def test_rows_signed_with_a_retired_key_still_verify(rows, settings):
    settings.AUDIT_RETIRED_KEYS = [settings.AUDIT_KEY]
    settings.AUDIT_KEY = "k" * 64
    record("x.done", by=None)
    assert found() is None

    settings.AUDIT_RETIRED_KEYS = []
    assert found() == (1, "unknown_key")


def test_chunks_join_without_loss(rows, monkeypatch):
    monkeypatch.setattr("audit.verify.CHUNK", 7)

    assert (verify().rows, verify().fault) == (20, None)


def test_the_command_names_the_row_and_fails(rows):
    row(7).update(ip="10.0.0.1")
    out, err = StringIO(), StringIO()

    with pytest.raises(SystemExit) as stop:
        call_command("verify_audit", stdout=out, stderr=err)

    assert stop.value.code == 1
    assert "第 7 条" in err.getvalue()
    assert "此前 6 条核对无误" in err.getvalue()


def test_the_command_for_programs(rows):
    out = StringIO()

    call_command("verify_audit", "--format", "json", stdout=out)

    answer = json.loads(out.getvalue())
    assert (answer["ok"], answer["rows"], answer["fault"], answer["head"]) == (True, 20, None, f"20:{rows[-1].hash}")


def test_the_command_refuses_a_head_it_cannot_read(rows):
    with pytest.raises(CommandError, match="序号:摘要"):
        call_command("verify_audit", "--head", "nonsense")
