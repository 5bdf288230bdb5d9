"""Read the chain from its first row and name the first one that is not as it was signed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from audit import chain
from audit.models import AuditEvent, AuditHead
from audit.services import columns_of

CHUNK = 5_000  # rows held in memory at once

READ = ("payload", "hash", *AuditEvent.SIGNED)


@dataclass(frozen=True)
class Fault:
    """`sequence` is the first bad row, or the number of the first missing one."""

    sequence: int
    code: str
    reason: str


@dataclass(frozen=True)
class Head:
    """Where the chain should end, and who says so."""

    sequence: int
    hash: str
    where: str

    @classmethod
    def in_database(cls) -> "Head":
        row = AuditHead.objects.filter(pk=1).first()
        return cls(row.sequence if row else 0, row.hash if row else chain.GENESIS, "库内链尾")

    @classmethod
    def parse(cls, text: str) -> "Head":
        """Reads "sequence:hash"; "" is no expectation. Raises ValueError with a message for the user."""
        number, _, digest = text.partition(":")
        if text and not (number.isdecimal() and len(digest) == 64):
            raise ValueError("链尾应写成“序号:摘要”，照抄上次核对的输出。")
        return cls(int(number or 0), digest, "库外留存的链尾")


@dataclass(frozen=True)
class Report:
    rows: int
    head: str  # "sequence:hash" of the last good row: what to write down outside the database
    fault: Fault | None

    def as_json(self) -> dict[str, Any]:
        return {"ok": self.fault is None, **asdict(self)}


def verify(*, expected_head: str = "") -> Report:
    """Check every row, and the end against the database's head and, when given, one that was kept elsewhere.

    The chain alone cannot show that its end was cut off together with the head, nor that somebody who holds the key
    wrote it anew: only `expected_head` ("sequence:hash", printed by an earlier run) does.
    """
    keys = chain.known_keys()
    # Read before the rows: what is being written meanwhile only makes the chain longer than this.
    heads = [Head.in_database(), Head.parse(expected_head)]
    sequence, previous = 0, chain.GENESIS
    fault = None
    for row in _rows():
        fault = _fault_in(row, after=sequence, previous=previous, keys=keys) or _fault_at_heads(row, heads)
        if fault:
            break
        sequence, previous = row["sequence"], row["hash"]
    return Report(sequence, f"{sequence}:{previous}", fault or _fault_at_end(sequence, heads))


def _rows() -> Iterator[dict[str, Any]]:
    """All rows by number, a chunk at a time: no cursor stays open and no table is held in memory."""
    last = None
    while True:
        rows = AuditEvent.objects.order_by("sequence")
        chunk = list((rows if last is None else rows.filter(sequence__gt=last)).values(*READ)[:CHUNK])
        if not chunk:
            return
        yield from chunk
        last = chunk[-1]["sequence"]


def _fault_in(row: dict[str, Any], *, after: int, previous: str, keys: dict[str, bytes]) -> Fault | None:
    sequence = row["sequence"]
    if sequence <= after:
        return Fault(sequence, "inserted", "序号不在链上，此条是插入的")
    if sequence != after + 1:
        return Fault(after + 1, "missing", "此条缺失（被删除或被改号）")
    key = keys.get(row["key_id"])
    if key is None:
        return Fault(sequence, "unknown_key", f"签名密钥 {row['key_id']} 不在配置中，无法核对")
    if chain.sign(row["payload"], key) != row["hash"]:
        return Fault(sequence, "edited", "内容与签名不符，此条被修改过")
    if not _columns_agree(row):
        return Fault(sequence, "edited", "列与签名原文不符，此条被修改或调换过")
    if row["prev_hash"] != previous:
        return Fault(sequence, "broken_link", "与前一条接不上，前一条被替换过")
    return None


def _columns_agree(row: dict[str, Any]) -> bool:
    signed = columns_of(chain.read(row["payload"]))
    return all(row[name] == value for name, value in signed.items())


def _fault_at_heads(row: dict[str, Any], heads: list[Head]) -> Fault | None:
    for head in heads:
        if row["sequence"] == head.sequence and row["hash"] != head.hash:
            return Fault(head.sequence, "head_differs", f"与{head.where}不一致，记录被整体改写过")
    return None


def _fault_at_end(sequence: int, heads: list[Head]) -> Fault | None:
    expected = max(heads, key=lambda head: head.sequence)
    if expected.sequence > sequence:
        return Fault(sequence + 1, "cut", f"末尾缺失：按{expected.where}应到第 {expected.sequence} 条")
    written = Head.in_database().sequence
    if written < sequence:
        return Fault(written + 1, "inserted", "链尾之后还有记录，此条是插入的，或链尾被改回过")
    return None
