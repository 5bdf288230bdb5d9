"""Plain text: which encoding it is in, and where it is damaged."""

import codecs

from documents.reading.limits import LONGEST_TEXT, TOO_LONG
from documents.refusal import ImportRefused
from documents.source import Source

MEND = "请用记事本打开原文件，核对该处文字，另存为 UTF-8 编码后再上传；该处已是乱码的，请向发文单位索取原文件。"
NO_BOM = "文件像是没有标记的 UTF-16（Unicode）文本。请用记事本打开，另存为 UTF-8 编码后再上传。"
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def read_txt(data: bytes) -> Source:
    """Raises ImportRefused. Ladder: byte order mark, strict UTF-8, strict GB18030; never a guess by frequency."""
    if len(data) > 4 * LONGEST_TEXT:  # no character takes more bytes, in any of the encodings
        raise ImportRefused(TOO_LONG, code="too_long")
    return Source(text=clean(_decode(data)), format="txt")


def clean(text: str) -> str:
    """`text` with line feeds as its only line ends. Raises ImportRefused for what no database and no page can show."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for mark, name in (("\0", "空字符（NUL）"), *_surrogates(text)):
        if (at := text.find(mark)) >= 0:
            line = text.count("\n", 0, at) + 1
            raise ImportRefused(f"第 {line} 行有{name}，文件可能已损坏或不是文本文件。{MEND}", code="control")
    return text


def _surrogates(text: str) -> tuple[tuple[str, str], ...]:
    """Halves of a character, which only pasted text can hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return ((text[error.start], "不完整的字符"),)
    return ()


def _decode(data: bytes) -> str:
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _strict(data, encoding, skip=len(mark))
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        # Damaged UTF-8 often passes as GB18030, as nonsense.
        if _mostly_utf8(data):
            raise _bad_byte(data, "utf-8", error.start) from error
    if _unmarked_utf16(data):
        raise ImportRefused(NO_BOM, code="encoding")
    return _strict(data, "gb18030")


def _strict(data: bytes, encoding: str, skip: int = 0) -> str:
    try:
        return data[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _bad_byte(data, encoding, skip + error.start) from error


def _bad_byte(data: bytes, encoding: str, at: int) -> ImportRefused:
    before = data[:at].decode(encoding, "ignore").replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    line = before.count("\n") + 1
    near = before.rpartition("\n")[2][-12:]
    where = f"在“{near}”之后" if near else "在行首"
    return ImportRefused(
        f"第 {line} 行{where}（文件的第 {at + 1} 个字节）有无法识别的字节，文件可能已损坏或被截断。{MEND}",
        code="encoding",
    )


def _mostly_utf8(data: bytes) -> bool:
    """GB18030 holds few byte triples that are letters of UTF-8; damaged UTF-8 holds few that are not."""
    text = data.decode("utf-8", "replace")
    letters = sum(letter >= "\u0800" for letter in text)
    bad = text.count("\ufffd")
    return letters - bad > bad


def _unmarked_utf16(data: bytes) -> bool:
    if len(data) % 2:
        return False
    return any(_share_of_chinese(data.decode(code, "replace")) > 0.9 for code in ("utf-16-le", "utf-16-be"))


def _share_of_chinese(text: str) -> float:
    usual = sum("\u4e00" <= letter <= "\u9fff" or "\u3000" <= letter <= "\u303f" or letter < "\x7f" for letter in text)
    return usual / len(text)
