"""Rows for docs/reliability.md: what was measured, in the order of its table."""

import os
from pathlib import Path


def note(setup: str, what: str, trials: int, kills: int, median: str, longest: str, repeats: int) -> None:
    """Print the row, and add it to the file that KILLS_TABLE names: seconds until settled, mails sent again."""
    row = f"| {' | '.join(map(str, (setup, what, trials, kills, median, longest, repeats)))} |"
    print(row)
    if file := os.environ.get("KILLS_TABLE"):
        with Path(file).open("a") as table:
            table.write(f"{row}\n")
