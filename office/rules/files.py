"""What an uploaded file is, by its content; what the office does not take, and why.

Nothing here trusts the name or the type that the sender gave. A file that passes can be opened by
the programs that read it later without exhausting the machine; it is no promise about what it says.
"""

import codecs
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

import filetype
from PIL import Image

from office.rules import gettext_noop, old_workbooks

MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 64 * MEGABYTE  # bytes, where the caller gives no limit
MOST_PIXELS: Final = 80_000_000  # A4 in colour at 800 dpi; below the size at which Pillow warns
MOST_PIXELS_IN_ALL: Final = 1_000_000_000  # of one scanned tiff: a hundred pages of A4 at 300 dpi
MOST_ENTRIES: Final = 5_000  # files inside one workbook
MOST_INFLATED: Final = 512 * MEGABYTE  # bytes; a workbook of a million cells inflates to about 60 MB
MOST_RATIO: Final = 200  # inflated to packed; real workbooks stay below 50
RATIO_MATTERS_ABOVE: Final = 16 * MEGABYTE  # bytes inflated; small empty sheets pack very well
LONGEST_NAME: Final = 120  # characters

UNNAMED: Final = gettext_noop("unnamed file")

REFUSALS: Final = {
    "empty": gettext_noop("The file is empty."),
    "incomplete": gettext_noop("The file did not arrive whole: send it again."),
    "too_large": gettext_noop("The file is larger than {largest}."),
    "unknown": gettext_noop(
        "This is no kind of file that the office takes: "
        "JPEG, PNG or TIFF picture, PDF, Excel workbook, or CSV or text in UTF-8 or GB18030."
    ),
    "contradiction": gettext_noop(
        "The name ends in {extension}, but the content is {kind}: name the file by what it is."
    ),
    "broken_picture": gettext_noop("The picture is damaged and cannot be opened: scan it again."),
    "too_many_pixels": gettext_noop("The picture has more than {most} million pixels: scan it at a lower resolution."),
    "too_many_pages": gettext_noop("The scan has too many or too large pages: split it."),
    "broken_text": gettext_noop("The text breaks off in the middle of a letter: save it again and send it whole."),
    "broken_pdf": gettext_noop("The PDF breaks off before its end: save or send it again."),
    "encrypted": gettext_noop("The file is locked with a password: save it without one."),
    "broken_workbook": gettext_noop(
        "The workbook is damaged and cannot be opened: open it in Excel or WPS and save it again."
    ),
    "inflates": gettext_noop("The workbook unpacks to far more than it should, so it is refused."),
    "strange_paths": gettext_noop("The workbook holds files with forbidden paths: save it again in Excel or WPS."),
    "macros": gettext_noop("The workbook contains macros: save it without them."),
}


class CannotAccept(ValueError):
    """The office does not take this file; `code` is stable, `sentence` is translatable.

    A parameter that is an int is a size in bytes; the sentence tells it in MB.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        self.code = code
        self.sentence = REFUSALS[code]
        self.params = {name: _told(value) for name, value in params.items()}
        super().__init__(self.sentence.format(**self.params))


def _told(value: str | int) -> str:
    return f"{value / MEGABYTE:g} MB" if isinstance(value, int) else value


@dataclass(frozen=True)
class Kind:
    """A kind of file the office takes: its stable code, media type and usual extension."""

    code: str
    media_type: str
    extension: str
    is_picture: bool = False
    other_extensions: tuple[str, ...] = ()

    def may_end_in(self, extension: str) -> bool:
        """Whether such a file may carry the extension: in lower case with its point, or none."""
        return extension in {"", self.extension, *self.other_extensions}


JPEG: Final = Kind("jpeg", "image/jpeg", ".jpg", is_picture=True, other_extensions=(".jpeg", ".jpe", ".jfif"))
PNG: Final = Kind("png", "image/png", ".png", is_picture=True)
TIFF: Final = Kind("tiff", "image/tiff", ".tif", is_picture=True, other_extensions=(".tiff",))
PDF: Final = Kind("pdf", "application/pdf", ".pdf")
XLSX: Final = Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
XLS: Final = Kind("xls", "application/vnd.ms-excel", ".xls")
CSV: Final = Kind("csv", "text/csv", ".csv")
TXT: Final = Kind("txt", "text/plain", ".txt")


def recognise(content: bytes, name: str, size: int, *, largest: int = LARGEST) -> Kind:
    """What kind of file this is by its content, once it is known to be whole and harmless to open.

    `size` is the number of bytes that the sender announced, `largest` the limit in bytes.
    Everything the office does not take raises CannotAccept.
    """
    if max(size, len(content)) > largest:
        raise CannotAccept("too_large", largest=largest)
    if not content:
        raise CannotAccept("empty")
    if size != len(content):
        raise CannotAccept("incomplete")
    extension = PurePosixPath(name).suffix.lower()
    kind = _by_signature(content) or _text_kind(content, extension)
    if not kind.may_end_in(extension):
        raise CannotAccept("contradiction", extension=extension, kind=kind.code.upper())
    _prove(kind, content)
    return kind


ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SIGNED = {kind.media_type: kind for kind in (JPEG, PNG, TIFF, PDF)}


def _by_signature(content: bytes) -> Kind | None:
    """The kind that the first bytes and the inner directory tell; None where they tell nothing."""
    if content.startswith(ZIP_START):
        return _zip_kind(content)
    if content.startswith(OLE_START):
        return _ole_kind(content)
    guess = filetype.guess(content[:8192])
    # Other signatures are as short as "BM", which is also how a table headed 编码 may begin.
    return SIGNED.get(guess.mime) if guess else None


def _prove(kind: Kind, content: bytes) -> None:
    """Refuse a file of this kind that is broken, locked or dangerous to open."""
    if kind.is_picture:
        _prove_picture(content)
    elif kind is PDF:
        _prove_pdf(content)
    elif kind is XLSX:
        _prove_workbook(content)
    elif kind is XLS:
        _prove_old_workbook(content)


NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


def _text_kind(content: bytes, extension: str) -> Kind:
    """Text has no signature: it is what its name says, as long as it holds no control bytes."""
    text = decoded(content)
    if NOT_IN_TEXT.search(text):
        raise CannotAccept("unknown")
    # A page of HTML or XML under a text name is neither a table nor a note.
    if not extension or text.lstrip().startswith("<"):
        raise CannotAccept("unknown")
    return CSV if extension == CSV.extension else TXT


def decoded(content: bytes) -> str:
    """The characters of a text or CSV file in UTF-8 (with or without mark) or GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            text = decoder.decode(content)
        except UnicodeDecodeError:
            continue
        if decoder.getstate()[0]:
            raise CannotAccept("unknown" if NOT_IN_TEXT.search(text) else "broken_text")
        return text
    raise CannotAccept("unknown")


def _prove_picture(content: bytes) -> None:
    """Open every page of the picture; Pillow raises many kinds of errors on damaged ones."""
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG", "TIFF"]) as picture:
            _prove_pages(picture)
    except CannotAccept:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise _too_many_pixels() from fault
    except Exception as fault:
        raise CannotAccept("broken_picture") from fault


def _prove_pages(picture: Image.Image) -> None:
    # A photograph may carry a small preview behind it (MPO); only scans have pages.
    pages = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    pixels_in_all = 0
    for page in range(pages):
        picture.seek(page)
        pixels = picture.width * picture.height
        if pixels > MOST_PIXELS:
            raise _too_many_pixels()
        pixels_in_all += pixels
        if pixels_in_all > MOST_PIXELS_IN_ALL:
            raise CannotAccept("too_many_pages")
        picture.load()


def _too_many_pixels() -> CannotAccept:
    return CannotAccept("too_many_pixels", most=str(MOST_PIXELS // 1_000_000))


PDF_END = b"%%EOF"
PDF_END_WITHIN = 2048  # bytes; programs add blanks and signatures' padding behind the mark
PDF_LOCK = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")


def _prove_pdf(content: bytes) -> None:
    if PDF_END not in content[-PDF_END_WITHIN:]:
        raise CannotAccept("broken_pdf")
    if PDF_LOCK.search(content):
        raise CannotAccept("encrypted")


def _zip_kind(content: bytes) -> Kind:
    """A zip is taken only where it is an Excel workbook."""
    names = {entry.filename.lower() for entry in _entries(content)}
    if not {"[content_types].xml", "xl/workbook.xml"} <= names:
        raise CannotAccept("unknown")
    return XLSX


DIRECTORY_ENTRY = b"PK\x01\x02"


def _entries(content: bytes) -> list[zipfile.ZipInfo]:
    if content.count(DIRECTORY_ENTRY) > MOST_ENTRIES:  # counted before a list of them is built
        raise CannotAccept("inflates")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as fault:
        raise CannotAccept("broken_workbook") from fault


def _prove_workbook(content: bytes) -> None:
    entries = _entries(content)
    for entry in entries:
        _prove_entry(entry)
    _prove_inflated(content, entries)


def _prove_old_workbook(content: bytes) -> None:
    try:
        locked = old_workbooks.is_locked(old_workbooks.stream_of(content))
    except old_workbooks.BrokenWorkbook as fault:
        raise CannotAccept("broken_workbook") from fault
    if locked:
        raise CannotAccept("encrypted")


LOCKED_FLAG = 0x1
MACRO_NAME = re.compile(r"(^|/)vbaproject\.bin$|^xl/macrosheets/", re.IGNORECASE)


def _prove_entry(entry: zipfile.ZipInfo) -> None:
    """The name as the archive holds it, before the zip library tidies it."""
    path = entry.orig_filename
    parts = re.split(r"[/\\]", path)
    if ".." in parts or path.startswith(("/", "\\")) or ":" in path or "\0" in path:
        raise CannotAccept("strange_paths")
    if entry.flag_bits & LOCKED_FLAG:
        raise CannotAccept("encrypted")
    if MACRO_NAME.search(path):
        raise CannotAccept("macros")


def _prove_inflated(content: bytes, entries: list[zipfile.ZipInfo]) -> None:
    """Count what really comes out: the sizes that an archive declares may be lies."""
    inflated = 0
    for entry in entries:
        for piece in _inflated(content, entry):
            inflated += piece
            if inflated > MOST_INFLATED:
                raise CannotAccept("inflates")
    if inflated > RATIO_MATTERS_ABOVE and inflated > MOST_RATIO * len(content):
        raise CannotAccept("inflates")


LOCAL_HEADER = struct.Struct("<26xHH")


def _inflated(content: bytes, entry: zipfile.ZipInfo) -> Iterator[int]:
    """The number of bytes of one entry, unpacked megabyte by megabyte and thrown away."""
    try:
        name_length, extra_length = LOCAL_HEADER.unpack_from(content, entry.header_offset)
    except struct.error as fault:
        raise CannotAccept("broken_workbook") from fault
    start = entry.header_offset + LOCAL_HEADER.size + name_length + extra_length
    packed = content[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield len(packed)
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        yield from _deflated(packed)
    else:
        raise CannotAccept("broken_workbook")


def _deflated(packed: bytes) -> Iterator[int]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    while not stream.eof:
        try:
            piece = stream.decompress(packed, MEGABYTE)
        except zlib.error as fault:
            raise CannotAccept("broken_workbook") from fault
        packed = stream.unconsumed_tail
        if not piece and not packed and not stream.eof:
            raise CannotAccept("broken_workbook")
        yield len(piece)


OLE_ENTRY = 128  # bytes of one directory entry; entries lie at multiples of it
OLE_NAME_LENGTH_AT = 64
OLE_TYPES = (1, 2)  # storage, stream


def _ole_kind(content: bytes) -> Kind:
    """The old Office container: an .xls workbook, or a locked .xlsx."""
    if _ole_holds(content, "EncryptedPackage"):
        raise CannotAccept("encrypted")
    if not (_ole_holds(content, "Workbook") or _ole_holds(content, "Book")):
        raise CannotAccept("broken_workbook" if _ole_lacks_its_directory(content) else "unknown")
    if _ole_holds(content, "_VBA_PROJECT_CUR"):
        raise CannotAccept("macros")
    return XLS


OLE_HEADER = struct.Struct("<30xH16xI")  # the size of a sector as a power of two, and where the directory begins


def _ole_lacks_its_directory(content: bytes) -> bool:
    """Whether the container was cut before its directory, which most programs write last."""
    power, sector = OLE_HEADER.unpack(content[: OLE_HEADER.size].ljust(OLE_HEADER.size, b"\0"))
    begins: int = (sector + 1) << min(power, 12)
    return begins >= len(content)


def _ole_holds(content: bytes, name: str) -> bool:
    """Whether a directory entry of the container carries the name."""
    written = f"{name}\0".encode("utf-16-le")
    at = content.find(written)
    while at >= 0:
        fields = content[at + OLE_NAME_LENGTH_AT : at + OLE_NAME_LENGTH_AT + 3]
        if at % OLE_ENTRY == 0 and fields in {struct.pack("<HB", len(written), t) for t in OLE_TYPES}:
            return True
        at = content.find(written, at + 1)
    return False


NOT_IN_NAMES = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, direction and joining marks, line separators


def clean_name(name: str) -> str:
    """The name as pages show it and downloads carry it: no path, nothing unseen, at most 120.

    Chinese stays; characters that Windows forbids become _; the extension survives the cut.
    """
    seen = "".join(
        letter for letter in unicodedata.normalize("NFC", name) if unicodedata.category(letter) not in UNSEEN
    )
    last = re.split(r"[/\\]", seen)[-1].translate(NOT_IN_NAMES)
    tidy = " ".join(last.split()).strip(". ")
    if len(tidy) > LONGEST_NAME:
        extension = PurePosixPath(tidy).suffix[:LONGEST_NAME]
        tidy = tidy[: LONGEST_NAME - len(extension)].rstrip(". ") + extension
    return tidy or UNNAMED
