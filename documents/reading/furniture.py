"""What a printed page repeats around the text: running headers, footers, page numbers."""

import re
from collections import Counter
from dataclasses import replace

from documents.reading.pdf_page import Line, Page

MARGIN = 0.13  # of the height; GB/T 9704 leaves 37 mm of 297 above the text and 35 mm below
DASHES = "—–―－﹣‐‑·•~～_|-"
PAGE_NUMBER = re.compile(rf"[{DASHES}]{{0,4}}(?:\d{{1,4}}|第[\d一二三四五六七八九十百]{{1,4}}页)[{DASHES}]{{0,4}}")
PAGE_OF_PAGES = re.compile(r"(?:第|[Pp]age)?\d{1,4}页?(?:[/／,，]|of)?(?:共|总)?\d{1,4}页?")
# What a browser prints around a page: the address with the page's number, the minute and the title.
PRINTED = re.compile(r"(?:https?|file)://\S+|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},?\d{1,2}:\d{2}.*")
DIGITS = re.compile(r"\d+")


def without_furniture(pages: list[Page]) -> list[Page]:
    keys = Counter(key for page in pages for key in {_key(line) for line in page.lines if _in_margin(line, page)})
    often = max(2, round(len(pages) * 0.6))
    repeated = {key for key, count in keys.items() if count >= often}
    return [
        replace(page, lines=[line for line in page.lines if not _is_furniture(line, page, repeated)]) for page in pages
    ]


def _is_furniture(line: Line, page: Page, repeated: set[str]) -> bool:
    if not _in_margin(line, page):
        return False
    words = "".join(line.text.split())[:100]
    is_number = PAGE_NUMBER.fullmatch(words) or (PAGE_OF_PAGES.fullmatch(words) and not words.isdecimal())
    return bool(is_number or PRINTED.fullmatch(words)) or _key(line) in repeated


def _in_margin(line: Line, page: Page) -> bool:
    middle = line.box.middle[1]
    return not page.height * MARGIN < middle < page.height * (1 - MARGIN)


def _key(line: Line) -> str:
    """Lines that differ in figures only, as headers with the page's number do, are the same."""
    return DIGITS.sub("#", "".join(line.text.split()))
