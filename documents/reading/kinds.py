"""What kind of document a file is: by its ending and by its first bytes, which must agree."""

import tempfile
from pathlib import Path

from documents.refusal import ImportRefused
from files import archives, kinds
from files.refusal import UploadRefused

ACCEPTED = "docx、pdf（文字版）、txt、xlsx"
SAVE_AS_DOCX = "请另存为 docx 后再上传。"
SAVE_AS_XLSX = "请另存为 xlsx 后再上传。"
INSTEAD = {
    "ofd": SAVE_AS_DOCX,
    "et": SAVE_AS_XLSX,
    "xls": SAVE_AS_XLSX,
    "csv": SAVE_AS_XLSX,
    "rtf": SAVE_AS_DOCX,
    "htm": "请复制网页中的正文，用“粘贴正文”导入。",
    "html": "请复制网页中的正文，用“粘贴正文”导入。",
    "jpg": "图片中的文字无法读取。请上传文字版文件，或粘贴正文。",
    "jpeg": "图片中的文字无法读取。请上传文字版文件，或粘贴正文。",
    "png": "图片中的文字无法读取。请上传文字版文件，或粘贴正文。",
    "docm": archives.MACROS,
    "xlsm": archives.MACROS,
    "zip": "不接收压缩包。请解压后逐个上传。",
    "rar": "不接收压缩包。请解压后逐个上传。",
    "7z": "不接收压缩包。请解压后逐个上传。",
}
READERS = {"txt": "txt", "docx": "docx", "pdf": "pdf", "xlsx": "xlsx", "doc": "old", "wps": "old"}
SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "docx、xlsx 一类的压缩文件"),
    (kinds.OLE, "旧版 Office（doc、xls、wps）文件"),
    (b"{\\rtf", "RTF 文件"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"GIF8", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"MZ", "可执行程序"),
    (b"\x7fELF", "可执行程序"),
)
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # a docx or xlsx with a password is wrapped in an OLE file
BEGINS_WITH = {"pdf": "PDF", "docx": SIGNATURES[1][1], "xlsx": SIGNATURES[1][1]}
BEGINS_WITH |= {"doc": SIGNATURES[2][1], "wps": SIGNATURES[2][1]}


def format_of(data: bytes, name: str) -> str:
    """The reader that `name` and `data` agree on. Raises ImportRefused."""
    extension = name.rpartition(".")[2].strip().lower() if "." in name else ""
    if extension not in READERS:
        raise ImportRefused(INSTEAD.get(extension, f"不接收这类文件。可上传：{ACCEPTED}。"), code="kind")
    if data.startswith(kinds.OLE) and ENCRYPTED_PACKAGE in data:
        raise ImportRefused(archives.ENCRYPTED, code="encrypted")
    seen = next((kind for mark, kind in SIGNATURES if data.startswith(mark)), "")
    if seen != BEGINS_WITH.get(extension, ""):
        content = f"内容是{seen}" if seen else f"内容不是 {extension}"
        raise ImportRefused(
            f"文件的扩展名是 .{extension}，{content}，可能改过扩展名或已损坏。请用原软件打开后另存一份再上传。",
            code="mismatch",
        )
    _check(data, extension)
    return READERS[extension]


def _check(data: bytes, extension: str) -> None:
    """The checks every attachment passes: archives are bounded before anything opens them, macros are refused."""
    kind = kinds.KINDS.get("wps" if extension == "doc" else extension)
    if kind is None:
        return
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            kind.check(Path(file.name))
        except UploadRefused as refused:
            raise ImportRefused(str(refused), code="refused_file") from refused
