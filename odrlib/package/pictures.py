"""
Pictures: turned upright, stripped of all that is not the picture, and as small as a step asks.

What a camera writes beside a photo (place, time, device, thumbnail, owner) is never carried over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from odrlib.errors import OdrError
from odrlib.evidence import rules as evidence_rules
from odrlib.package import rules
from odrlib.package.form import Form

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "MPO")
# A phone's MPO holds a second view or a preview beside the photo itself.
_ONE_IS_ENOUGH = ("MPO", "JPEG", "PNG")
ORIENTATION = 0x0112


class SeveralFrames(OdrError):
    """A picture of several pages: one of them would be shown, and the others lost."""


def picture_form(raw: bytes, step: int) -> Form:
    """
    The picture at a step of package.toml (0: the best), as JPEG or as PNG without loss.

    Raises
    ------
    SeveralFrames for a fax or an animation; OSError if Pillow cannot read it
    """
    rule = rules.data("package")["pictures"][step]
    with _opened(raw) as image:
        drawn = image.format not in ("JPEG", "MPO")
        exact = _exact_png(image) if drawn else b""
        kept = b"" if step or drawn else _same_jpeg(image)
        lossy = kept or _jpeg(image, rule["side"], rule["quality"])
        longer = max(_fitting(image.size, rule["side"]))
    done = ["metadata removed"]
    if exact and len(exact) <= len(lossy):
        return Form(exact, "png", (*done, "saved without loss"))
    if not kept:
        done += ["turned upright", f"saved as JPEG of {longer} points, quality {rule['quality']}"]
    return Form(lossy, "jpg", tuple(done))


@contextmanager
def _opened(raw: bytes) -> Iterator[Image.Image]:
    with Image.open(BytesIO(raw), formats=FORMATS) as image:
        width, height = image.size
        if width * height > evidence_rules.limit("pixels"):
            raise OSError(f"{width} × {height} points")
        if getattr(image, "n_frames", 1) > 1 and image.format not in _ONE_IS_ENOUGH:
            raise SeveralFrames("several frames")
        yield image


def _same_jpeg(image: Image.Image) -> bytes:
    """The JPEG with its own tables; b"" if it is none, or lies on its side."""
    if image.format != "JPEG" or image.getexif().get(ORIENTATION, 1) != 1:
        return b""
    if image.mode not in ("L", "RGB"):
        return b""
    icc = image.info.get("icc_profile")
    image.info.pop("comment", None)
    out = BytesIO()
    image.save(out, "JPEG", quality="keep", optimize=True, icc_profile=icc)
    return out.getvalue()


def _jpeg(image: Image.Image, side: int, quality: int) -> bytes:
    target = _fitting(image.size, side)
    orientation = image.getexif().get(ORIENTATION, 1)
    if side:
        # Decodes a large JPEG at a half, a quarter or an eighth, which is all that is needed.
        image.draft("RGB", target)
    upright = ImageOps.exif_transpose(image) if orientation != 1 else image
    if orientation in (5, 6, 7, 8):
        target = target[::-1]
    flat = _flat(upright)
    if flat.size != target:
        flat = flat.resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = BytesIO()
    # A copy without `info`: Pillow would write the comment of the original.
    clean = Image.frombytes(flat.mode, flat.size, flat.tobytes())
    clean.save(out, "JPEG", quality=quality, optimize=True, progressive=True, subsampling=2)
    return out.getvalue()


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """
    The size whose longer side is at most `side` points (0: as it is).

    >>> _fitting((4000, 3000), 1600), _fitting((800, 600), 1600), _fitting((9000, 10), 1000)
    ((1600, 1200), (800, 600), (1000, 1))
    """
    longer = max(size)
    if not side or longer <= side:
        return size
    width, height = (max(1, round(one * side / longer)) for one in size)
    return width, height


def _flat(image: Image.Image) -> Image.Image:
    """RGB or grey on white, whatever the picture's own way to hold colours."""
    if image.mode in ("L", "RGB"):
        return image
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float64)
        top = max(255.0, float(values.max(initial=0.0)))
        return Image.fromarray((values * (255.0 / top)).clip(0, 255).astype(np.uint8), "L")
    if "A" in image.getbands() or "transparency" in image.info:
        above = image.convert("RGBA")
        white = Image.new("RGBA", above.size, "white")
        return Image.alpha_composite(white, above).convert("RGB")
    return image.convert("RGB")


def _exact_png(image: Image.Image) -> bytes:
    """The picture without loss; b"" if it has so many colours that it is a photo."""
    flat = _flat(image)
    colours = flat.getcolors(int(rules.limit("colours")))
    if colours is None:
        return b""
    if len(colours) <= 256 and flat.mode == "RGB":
        flat = flat.quantize(
            colors=256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
    out = BytesIO()
    clean = flat.copy()
    clean.info.clear()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()
