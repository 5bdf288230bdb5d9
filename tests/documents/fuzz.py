"""Throws damaged documents at reading and parsing: nothing but ImportRefused may come out, and soon.

`python -m tests.documents.fuzz SECONDS [KIND ...]` gives each kind so many seconds of random damage. Status 0 means
that nothing was found; else the offending file lies in the present folder. `fuzz_guided` is steered by coverage.
"""

import io
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path
from random import Random

from documents.parsing import parse
from documents.reading import read
from documents.refusal import ImportRefused
from documents.source import Source
from tests.documents.samples.docx import work_plan
from tests.documents.samples.harm import strings
from tests.documents.samples.others import TEXT, task_list
from tests.documents.samples.pdf import Page, pdf
from tests.files.samples import packed

SLOWEST = 10  # seconds
COLUMNS = [72, 120, 300, 420]
TABLE = [["序号", "任务", "单位"], ["1", "修路", "县交通局"]]
SEEDS = {
    "docx": [work_plan()],
    "xlsx": [task_list(), strings("<sst><si><t>修渠</t></si></sst>")],
    "pdf": [
        pdf(Page().lines(["一、修路", "1.改造道路5公里。（县交通局牵头）"]).table(TABLE, COLUMNS, 500)),
        pdf(Page().lines(["一、修路"]), Page().picture(), password=""),
    ],
    "txt": [TEXT.encode(), TEXT.encode("gb18030"), b"\xff\xfe" + TEXT.encode("utf-16-le")],
}
PIECES = {
    "docx": (
        b"<w:p>",
        b"</w:p>",
        b"<w:tbl>",
        b'<w:gridSpan w:val="-9"/>',
        b"<w:vMerge/>",
        b'"9999999999"',
        b"<w:ins>",
        b"%9",
    ),
    "xlsx": (b"<row>", b'r="XFD1048576"', b't="s"', b'"A1:"', b"<v>-1</v>", b"<f>", b'r="0"', b"1e999", b"NaN"),
    "pdf": (
        b" obj",
        b"endobj",
        b"/Kids[2 0 R]",
        b"/Length -1",
        b" 0 R",
        b"<<",
        b">>",
        b"stream",
        b"/Rotate 91",
        b"q Q",
        b" l S",
    ),
    "txt": (b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\x81\x30\x81\x30", b"\xa1", b"\n", b"\xe4\xb8"),
}


def attempt(kind: str, data: bytes) -> str:
    """What became of the file: read, or the code of the refusal. Anything else that comes out is a find."""
    started = time.process_time()
    try:
        source = read(data, f"a.{kind}")
        check(source)
        parse(source)
        said = "read"
    except ImportRefused as refused:
        said = refused.code
    took = time.process_time() - started
    assert took <= SLOWEST, f"took {took:.1f} s"
    return said


def check(source: Source) -> None:
    """What every source keeps to, however damaged the file."""
    assert "\0" not in source.text
    source.text.encode()
    for table in source.tables:
        for row in table.rows:
            for span in row:
                assert span is None or 0 <= span.start <= span.end <= len(source.text)


def mutated(kind: str, data: bytes, random: Random) -> bytes:
    """`data` a little damaged. Parts of an archive are damaged inside and packed again, or no check would be passed."""
    if kind in ("docx", "xlsx") and random.random() < 0.9:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                parts = {name: archive.read(name) for name in archive.namelist()}
            name = random.choice([name for name in parts if name.endswith((".xml", ".rels"))])
            parts[name] = _damaged(kind, parts[name], random)
            return packed(parts.items())
        except Exception:  # damaged before
            return _damaged(kind, data, random)
    return _damaged(kind, data, random)


def _damaged(kind: str, data: bytes, random: Random) -> bytes:
    made = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 4, 8))):
        at = random.randrange(len(made) + 1)
        length = min(random.choice((1, 2, 4, 16, 64, 256)), len(made) - at)
        match random.randrange(6):
            case 0:
                made[at : at + length] = random.randbytes(length)
            case 1:
                del made[at : at + length]
            case 2:
                made[at:at] = made[at : at + length] * random.choice((1, 2, 50))
            case 3:
                made[at:at] = random.choice(PIECES[kind])
            case 4:
                made[at : at + length] = random.choice(PIECES[kind])
            case 5 if made:
                made[min(at, len(made) - 1)] ^= 1 << random.randrange(8)
    return bytes(made[:200_000])


def at_random(kind: str, seconds: float, seed: int) -> Counter[str]:
    random = Random(seed)
    outcomes: Counter[str] = Counter()
    pool = list(SEEDS[kind])
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        data = mutated(kind, random.choice(pool), random)
        try:
            said = attempt(kind, data)
        except Exception:
            Path(f"fuzz-{seed}.{kind}").write_bytes(data)
            raise
        if said == "read" and len(pool) < 500:
            pool.append(data)  # damage grows on damage
        outcomes[said] += 1
    return outcomes


def main(seconds: int, kinds: list[str]) -> None:
    for kind in kinds:
        outcomes = at_random(kind, seconds, seed=int(time.time()))
        print(kind, sum(outcomes.values()), dict(outcomes.most_common()))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:] or list(SEEDS))
