"""Numbers that come back from a browser."""

LONGEST = 9  # digits: fits every integer column, so no row key or version is too large for a database


def whole_number(text: str | None) -> int | None:
    """A key or version as our pages write it, else None: `²` and a number of 20 digits are no keys but no error."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else None
