"""Packages from the clean evidence folders of tests/evidence, opened again as a receiver would."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import odrlib as odr
from odrlib.package import Package, build_package
from tests.evidence.folders import TODAY, Case, store_files
from tests.stores import make_store

PLANTED = (b"PLANTED", b"planted@example.com", b"555-867-5309", b"8675309")


def packed(
    folder: Path,
    cases: Iterable[Case],
    files: Mapping[str, bytes] | None = None,
    settings: str = "",
    max_bytes: int = 10_000_000,
) -> Package:
    """The package of a store with these cases, in `folder/out`."""
    make_store(folder / "small", store_files(cases) | dict(files or {}), settings)
    return again(folder, max_bytes=max_bytes)


def again(folder: Path, out: str = "out", max_bytes: int = 10_000_000) -> Package:
    """The package of the store that is there."""
    facts = odr.build_facts(odr.read_store(folder / "small", today=TODAY))
    return build_package(facts, folder / out, max_bytes)


def inside(package: Package) -> dict[str, bytes]:
    """Name and bytes of every file in all parts."""
    found = {}
    for path in package.paths:
        with zipfile.ZipFile(path) as parts:
            found |= {name: parts.read(name) for name in parts.namelist()}
    return found


def manifest(package: Package) -> dict:
    return json.loads(inside(package)["small_manifest.json"])


def ids(package: Package) -> list[str]:
    return [finding.id for finding in package.findings]


def photo(size: tuple[int, int] = (800, 600), seed: int = 1, turned: int = 1) -> bytes:
    """A JPEG with fine grain and all that a camera writes beside it."""
    import numpy as np
    from PIL import Image

    grain = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    image = Image.fromarray(grain)
    exif = image.getexif()
    exif[0x010F] = "PLANTED CAMERA"
    exif[0x0112] = turned
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"PLANTED COMMENT", quality=90)
    return out.getvalue()
