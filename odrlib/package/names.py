"""Names: of a package and of the files in it, in ASCII that every system and upload form takes."""

from __future__ import annotations

import hashlib
import re
from datetime import date

from anyascii import anyascii

from odrlib.package import rules
from odrlib.settings import Settings

_OTHER = re.compile(r"[^A-Za-z0-9.-]+")


def ascii_safe(text: str) -> str:
    """
    The text in letters, digits, "-", "." and "_", as near to its sound as that goes; maybe empty.

    >>> ascii_safe("Müller & Söhne GmbH"), ascii_safe("東京 ストア"), ascii_safe("!!!")
    ('Muller_Sohne_GmbH', 'DongJing_sutoa', '')
    """
    plain = _OTHER.sub("_", anyascii(text)).strip("._-")
    most = rules.data("package")["names"]["most_letters"]
    plain = plain[:most].strip("._-")
    if plain.split(".")[0].casefold() in rules.data("package")["names"]["reserved"]:
        return f"{plain}_"
    return plain


def store_word(settings: Settings) -> str:
    """
    The store's id as it stands in the name of every file.

    Two ids that ASCII would make the same keep apart by their hash.
    """
    plain = ascii_safe(settings.id)
    if plain == settings.id:
        return plain
    mark = hashlib.sha256(settings.id.encode()).hexdigest()[:8]
    return f"{plain}_{mark}" if plain else f"store_{mark}"


def package_name(settings: Settings, day: date, part: int = 1, parts: int = 1) -> str:
    """
    The name of the ZIP: the store's name (its id if it has none) and the day.

    >>> package_name(Settings("shop-1", "US", name="Demo: pans & pots"), date(2026, 3, 1))
    'Demo_pans_pots_2026-03-01.zip'
    >>> package_name(Settings("shop-1", "US"), date(2026, 3, 1), 2, 3)
    'shop-1_2026-03-01_part-2-of-3.zip'
    """
    word = ascii_safe(settings.name) or store_word(settings)
    which = f"_part-{part}-of-{parts}" if parts > 1 else ""
    return f"{word}_{day.isoformat()}{which}.zip"


def is_of_package(name: str, settings: Settings, day: date) -> bool:
    """Could the file be a ZIP of an earlier package of the same store and day?"""
    stem = re.escape(package_name(settings, day).removesuffix(".zip"))
    return re.fullmatch(rf"{stem}(?:_part-\d+-of-\d+)?\.zip", name) is not None


def file_name(store: str, folder: str, class_: str, number: int, ending: str) -> str:
    """
    The name of a file in the package; the name that it had may hold a buyer's, so it is not used.

    >>> file_name("shop-1", "114-1234567-1234567", "logistics", 1, "pdf")
    'shop-1_114-1234567-1234567_logistics_01.pdf'
    """
    words = [store, folder, class_, f"{number:02d}"]
    return "_".join(filter(None, words)) + f".{ending}"
