"""Pictures of kept scans: a photo made smaller, a page of a PDF or of a many-paged scan drawn, turned as asked.

The browser gets pictures that the office itself made, never the file that somebody sent.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image

from office.models import Attachment

PDF: Final = "application/pdf"
SHOWN: Final = frozenset({"image/jpeg", "image/png", "image/tiff", PDF})
#: How wide a picture is drawn, in pixels, by how near one looks.
WIDTHS: Final = {1: 900, 2: 1800, 3: 2700}
TURNS: Final = (0, 90, 180, 270)
QUALITY: Final = 80
LONGEST: Final = 8000  # pixels: a page like a till roll is drawn no longer


class CannotDraw(Exception):
    """The file is damaged; it can still be saved as it is."""


def can_draw(attachment: Attachment) -> bool:
    """Whether a file is something to look at."""
    return attachment.media_type in SHOWN


def pages_of(attachment: Attachment) -> int:
    """How many pages a file has. Raises CannotDraw."""
    try:
        if attachment.media_type != PDF:
            with Image.open(attachment.path) as picture:
                return int(getattr(picture, "n_frames", 1))
        with pypdfium2.PdfDocument(attachment.path) as document:
            return len(document)
    except (pypdfium2.PdfiumError, OSError, ValueError) as refusal:
        raise CannotDraw(str(refusal)) from refusal


def draw(attachment: Attachment, *, page: int, near: int, turn: int) -> bytes:
    """One page as JPEG, so wide as one looks near, turned clockwise. Raises CannotDraw."""
    try:
        if attachment.media_type == PDF:
            drawn = _of_pdf(attachment.path, page, WIDTHS[near])
        else:
            drawn = _of_picture(attachment.path, page, WIDTHS[near])
    except (pypdfium2.PdfiumError, OSError, ValueError, EOFError) as refusal:
        raise CannotDraw(str(refusal)) from refusal
    if turn:
        drawn = drawn.rotate(-turn, expand=True)
    out = BytesIO()
    drawn.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _of_pdf(path: Path, page: int, width: int) -> Image.Image:
    with pypdfium2.PdfDocument(path) as document:
        sheet = document[page - 1]
        across, down = sheet.get_size()
        scale = min(width / max(across, 1), LONGEST / max(down, 1))
        drawn: Image.Image = sheet.render(scale=scale).to_pil()
        return drawn.convert("RGB")


def _of_picture(path: Path, page: int, width: int) -> Image.Image:
    with Image.open(path) as picture:
        picture.seek(page - 1)
        picture.draft("RGB", (width, width))
        shown = picture.convert("RGB")
    shown.thumbnail((width, LONGEST), reducing_gap=2.0)
    return shown
