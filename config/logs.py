"""One event is one line, whatever text it carries."""

import logging

from audit import context


class OneLine(logging.Formatter):
    """Time, level, request number, logger, message; a trace stays on the line. Control characters are written out."""

    def format(self, record):
        record.request = context.current().request_id or "-"
        text = super().format(record)
        return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
