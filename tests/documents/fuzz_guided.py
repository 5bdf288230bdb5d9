"""As `fuzz`, steered by coverage: `python -m tests.documents.fuzz_guided KIND SECONDS`. Needs `pip install atheris`."""

import sys
import tempfile
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["documents", "openpyxl", "zipfile"]):
    from documents.parsing import parser  # noqa: F401
    from documents.reading import docx, pdf, txt, xlsx  # noqa: F401

from tests.documents.fuzz import SEEDS, SLOWEST, attempt, mutated


def main(kind: str, seconds: int) -> None:
    """Ends the process: with status 0 when nothing was found, else with the file in the present folder."""

    def target(data: bytes) -> None:
        attempt(kind, data)

    def mutator(data: bytes, largest: int, seed: int) -> bytes:
        return mutated(kind, data, Random(seed))[:largest]

    with tempfile.TemporaryDirectory() as corpus:
        for n, data in enumerate(SEEDS[kind]):
            (Path(corpus) / str(n)).write_bytes(data)
        limits = [f"-max_total_time={seconds}", f"-timeout={SLOWEST}", "-rss_limit_mb=2048", "-max_len=200000"]
        atheris.Setup([sys.argv[0], "-print_final_stats=1", *limits, corpus], target, custom_mutator=mutator)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
