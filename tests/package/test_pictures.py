"""Pictures of every kind stay what they show."""

import io

import numpy as np
import pytest
from PIL import Image

from odrlib.package.forming import FLOOR
from odrlib.package.pictures import SeveralFrames, picture_form
from tests.package.boxes import photo


def saved(image, form, **more):
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def shown(form):
    with Image.open(io.BytesIO(form.data)) as image:
        return image.convert("RGB")


def halves(mode):
    """Left black, right white."""
    image = Image.new("L", (200, 100), 0)
    image.paste(255, (100, 0, 200, 100))
    return image.convert(mode)


@pytest.mark.parametrize(
    ("mode", "form"),
    [("RGB", "JPEG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("P", "PNG"), ("RGBA", "PNG"),
     ("1", "PNG"), ("P", "GIF"), ("RGB", "BMP"), ("RGB", "WEBP"), ("L", "TIFF")],
)  # fmt: skip
@pytest.mark.parametrize("step", [0, FLOOR])
def test_black_stays_black_and_white_stays_white(mode, form, step):
    image = shown(picture_form(saved(halves(mode), form), step))

    assert (200, 100) == image.size
    assert max(image.getpixel((20, 50))) < 40
    assert min(image.getpixel((180, 50))) > 215


def test_sixteen_bits_of_grey_are_not_cut_off():
    deep = np.tile(np.linspace(0, 65_535, 200).astype(np.uint16), (100, 1))
    image = shown(picture_form(saved(Image.fromarray(deep), "PNG"), 0))

    assert 100 < image.getpixel((100, 50))[0] < 155


def test_what_is_clear_becomes_white():
    image = Image.new("RGBA", (50, 50), (0, 0, 0, 0))

    assert (255, 255, 255) == shown(picture_form(saved(image, "PNG"), 0)).getpixel((25, 25))


def test_a_screenshot_stays_without_loss_at_every_step():
    image = Image.new("RGB", (2000, 1200), "white")
    for row in range(0, 1200, 40):
        image.paste((20, 60, 120), (100, row, 1500, row + 12))
    for step in (0, FLOOR):
        form = picture_form(saved(image, "PNG"), step)
        assert ("png", (2000, 1200)) == (form.ending, shown(form).size)
        assert image.tobytes() == shown(form).tobytes()


@pytest.mark.parametrize("turned", [1, 3, 6, 8])
def test_each_step_is_smaller_and_upright(turned):
    raw = photo((3000, 2000), turned=turned)
    forms = [picture_form(raw, step) for step in range(FLOOR + 1)]
    sizes = [len(form.data) for form in forms]
    wide = turned in (1, 3)

    assert sorted(sizes, reverse=True) == sizes
    assert (1280 if wide else 853, 853 if wide else 1280) == shown(forms[-1]).size
    assert all(b"PLANTED" not in form.data for form in forms)


def test_a_picture_of_several_pages_is_refused():
    pages = saved(halves("L"), "TIFF", save_all=True, append_images=[halves("L")])
    with pytest.raises(SeveralFrames):
        picture_form(pages, 0)
