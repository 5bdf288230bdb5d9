"""Small PDF files written by hand: Chinese text without an embedded font, ruled lines, pictures, passwords."""

import hashlib
import zlib
from dataclasses import dataclass, field

FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 5>>"
    b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
    b"/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>]>>"
)
SIZE = 12
LEFT, TOP, WIDTH, HEIGHT = 72, 770, 595, 842


@dataclass
class Page:
    """Drawing operators of one page. Coordinates in points from the lower left corner."""

    operators: list[bytes] = field(default_factory=list)
    resources: bytes = b""

    def text(self, x: float, y: float, words: str) -> "Page":
        code = words.encode("utf-16-be").hex().encode()
        self.operators.append(b"BT /F1 %d Tf %.1f %.1f Td <%s> Tj ET" % (SIZE, x, y, code))
        return self

    def lines(self, words: list[str], top: float = TOP, step: float = 24) -> "Page":
        for position, line in enumerate(words):
            self.text(LEFT, top - position * step, line)
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> "Page":
        self.operators.append(b"0.5 w %.1f %.1f m %.1f %.1f l S" % (x0, y0, x1, y1))
        return self

    def grid(self, columns: list[float], rows: list[float]) -> "Page":
        for x in columns:
            self.rule(x, rows[0], x, rows[-1])
        for y in rows:
            self.rule(columns[0], y, columns[-1], y)
        return self

    def table(self, rows: list[list[str]], columns: list[float], top: float, height: float = 30) -> "Page":
        """Ruled cells of one line each, or of several parted by line feeds."""
        self.grid(columns, [top - height * n for n in range(len(rows) + 1)])
        for n, row in enumerate(rows):
            for x, cell in zip(columns, row, strict=False):
                for k, line in enumerate(cell.split("\n")):
                    self.text(x + 3, top - height * n - 13 - 13 * k, line)
        return self

    def picture(self) -> "Page":
        """A grey square over the whole page, as a scanner makes."""
        self.resources = b"/XObject<</Im1 5 0 R>>"
        self.operators.append(b"q %d 0 0 %d 0 0 cm /Im1 Do Q" % (WIDTH, HEIGHT))
        return self


PICTURE = b"<</Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8>>"


def pdf(*pages: Page, extra: bytes = b"", picture: bytes = b"", password: str | None = None) -> bytes:
    """`extra` goes into the catalogue. `password` is the one to open with; empty for one that only restricts."""
    key = _key(password) if password is not None else b""
    kids = b" ".join(b"%d 0 R" % (6 + 2 * n) for n in range(len(pages)))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % extra,
        2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        3: FONT,
        5: picture or stream(5, b"\x80" * 64, PICTURE, key),
    }
    for n, page in enumerate(pages):
        objects[6 + 2 * n] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>%s>>>>"
            % (WIDTH, HEIGHT, 7 + 2 * n, page.resources)
        )
        objects[7 + 2 * n] = stream(7 + 2 * n, b"\n".join(page.operators), b"<<>>", key)
    return file_of(objects, _encryption(password) if password is not None else b"")


def stream(number: int, content: bytes, dictionary: bytes = b"<<>>", key: bytes = b"") -> bytes:
    content = zlib.compress(content)
    if key:
        content = _rc4(hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10], content)
    head = dictionary[:-2] + b"/Filter/FlateDecode/Length %d>>" % len(content)
    return head + b"\nstream\n" + content + b"\nendstream"


def file_of(objects: dict[int, bytes], encryption: bytes = b"") -> bytes:
    out = bytearray(b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number in sorted(objects):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, encryption, start)
    return bytes(out)


# The standard security handler, revision 2 (40 bits): old, weak, and enough to make a file that asks for a password.
PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
IDENTITY = b"0123456789abcdef"
OWNER = b"owner"
ALLOWED = -44


def _padded(password: bytes) -> bytes:
    return (password + PAD)[:32]


def _owner_entry(password: str) -> bytes:
    return _rc4(hashlib.md5(_padded(OWNER)).digest()[:5], _padded(password.encode()))


def _key(password: str) -> bytes:
    permissions = ALLOWED.to_bytes(4, "little", signed=True)
    return hashlib.md5(_padded(password.encode()) + _owner_entry(password) + permissions + IDENTITY).digest()[:5]


def _encryption(password: str) -> bytes:
    user = _rc4(_key(password), PAD)
    entries = (_owner_entry(password).hex().encode(), user.hex().encode(), ALLOWED)
    identity = IDENTITY.hex().encode()
    return b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P %d>>/ID[<%s><%s>]" % (*entries, identity, identity)


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
