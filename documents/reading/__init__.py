"""Turns a file or pasted words into a Source: type by extension and content, text in reading order, tables."""

import logging
from collections.abc import Callable
from importlib import import_module

from documents.reading.kinds import format_of
from documents.reading.limits import LARGEST_FILE, LONGEST_TEXT, TOO_COSTLY, TOO_LARGE, TOO_LONG
from documents.reading.txt import clean
from documents.refusal import ImportRefused
from documents.source import Source

EMPTY = "没有读到任何文字。请检查文件内容后重新选择。"
UNREADABLE = "文件无法读取，可能已损坏或格式不规范。请用原软件打开后另存一份再上传，或直接粘贴正文。"

logger = logging.getLogger(__name__)


def read(data: bytes, name: str) -> Source:
    """`data` as the kind of document that its content and the ending of `name` agree on. Raises only ImportRefused."""
    if not data:
        raise ImportRefused("文件是空的。请检查后重新选择。", code="empty")
    if len(data) > LARGEST_FILE:
        raise ImportRefused(TOO_LARGE, code="too_large")
    try:
        return _bounded(_reader(format_of(data, name))(data))
    except (ImportRefused, ImportError):  # the second: a broken installation is no fault of the document
        raise
    except MemoryError as error:
        raise ImportRefused(TOO_COSTLY, code="too_costly") from error
    except Exception as error:  # a damaged file may break a library anywhere
        # The type and place only: the message of an error may quote the document.
        logger.warning("unreadable document: %s", type(error).__name__)
        raise ImportRefused(UNREADABLE, code="unreadable") from error


def read_pasted(text: str) -> Source:
    """Raises ImportRefused."""
    if len(text) > LONGEST_TEXT:
        raise ImportRefused(TOO_LONG, code="too_long")
    return _bounded(Source(text=clean(text.removeprefix("\ufeff")), format="pasted"))


def _reader(kind: str) -> Callable[[bytes], Source]:
    """Each is loaded where it is used: a text file needs no PDF library."""
    return getattr(import_module(f"documents.reading.{kind}"), f"read_{kind}")


def _bounded(source: Source) -> Source:
    if len(source.text) > LONGEST_TEXT:
        raise ImportRefused(TOO_LONG, code="too_long")
    if not source.text.strip():
        raise ImportRefused(EMPTY, code="empty")
    return source
