"""Build: the package of a store's evidence, from the choice of files to the ZIPs on disk."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from odrlib.errors import BadParameter, MissingExport, OdrError
from odrlib.evidence.folder import FOLDER, MEASURES
from odrlib.facts import Facts
from odrlib.finding import Finding
from odrlib.harmless import json_text
from odrlib.languages import tr
from odrlib.package import rules
from odrlib.package.archive import Drafts, Member
from odrlib.package.choice import Chosen, LeftOut, choose
from odrlib.package.contents import (
    Contents,
    Key,
    Packed,
    cell_states,
    files_by_part,
    index_orders,
    numbered,
)
from odrlib.package.fitting import Bench, Lay, fitted
from odrlib.package.forming import Press
from odrlib.package.index import index_html, index_pdf
from odrlib.package.names import file_name, is_of_package, package_name, store_word
from odrlib.package.notes import notes
from odrlib.package.papers_apart import papers_apart
from odrlib.package.sharing import shared
from odrlib.plain import plain_dict
from odrlib.rooms import private_room
from odrlib.store import INPUT_FOLDERS

MAX_BYTES: int = rules.data("package")["size"]["max_bytes"]
# How often the room for files is measured anew after the index has been written.
_ROUNDS = 6
# Bytes that index and manifest take in a ZIP, measured and rounded up.
_FIXED, _PER_FILE, _PER_ORDER = 10_000, 420, 160


@dataclass(frozen=True)
class Package:
    """
    A package on disk.

    Parameters
    ----------
    paths : the ZIPs, part by part
    contents : what the index and the manifest say
    left_out : the files of the evidence folder that are not in it
    findings : what to know before it is sent, errors first
    """

    paths: tuple[Path, ...]
    contents: Contents
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """What `odr pack --json` prints."""
        zips = [
            {"path": str(path), "bytes": path.stat().st_size, "sha256": _hash(path.read_bytes())}
            for path in self.paths
        ]
        return plain_dict(
            {
                **self.contents.manifest(),
                "parts": zips,
                "max_bytes_source": rules.data("package")["size"]["source"],
                "names_source": rules.data("package")["names"]["source"],
                "findings": list(self.findings),
            }
        )


def build_package(facts: Facts, out: str | Path, max_bytes: int = MAX_BYTES) -> Package:
    """
    The evidence of a store as one ZIP, or as several if one cannot hold it.

    Nothing in the store folder is changed. Files are made smaller only as far as they can still be
    read (the steps are in package.toml); what does not fit then goes into a further part. The same
    input gives the same bytes. All parts are written, or none; ZIPs of an earlier package of the
    same store and day in `out` are replaced.

    Parameters
    ----------
    facts : of the store; its evidence says what each file stands for
    out : the folder to write into
    max_bytes : of each ZIP

    Raises
    ------
    BadParameter if `max_bytes` is below the least in package.toml, if no single file fits, or if
    `out` is a folder of the store's input; MissingExport if no file can go in; OdrError if `out`
    cannot be written
    """
    least = rules.data("package")["size"]["least_bytes"]
    if max_bytes < least:
        raise BadParameter(
            tr(
                "max-bytes {max_bytes:,} is too small; a package needs {least:,}",
                max_bytes=max_bytes,
                least=least,
            )
        )
    for room in (*INPUT_FOLDERS, FOLDER):
        if Path(out).resolve().is_relative_to((facts.store.folder / room).resolve()):
            raise BadParameter(
                tr(
                    "{out}: nothing is ever written into {folder}/; choose another folder",
                    out=out,
                    folder=room,
                )
            )
    chosen, left = choose(facts)
    if not chosen:
        raise MissingExport(
            tr(
                "no file in {place} can go into a package; put each order's proofs "
                "into {folder}/<order id>/, then run: odr evidence {store}",
                place=facts.store.folder / FOLDER,
                folder=FOLDER,
                store=facts.store.folder,
            )
        )
    try:
        with papers_apart() as papers:
            press = Press(facts.store, chosen, papers)
            return _built(facts, chosen, left, press, Path(out), max_bytes)
    except OSError as error:
        raise OdrError(
            tr("no package was written to {out}: {error}", out=out, error=error.strerror or error)
        ) from error


def _built(
    facts: Facts,
    chosen: list[Chosen],
    left: list[LeftOut],
    press: Press,
    out: Path,
    max_bytes: int,
) -> Package:
    with private_room("pack-") as folder, warnings.catch_warnings():
        # What the libraries say of an odd file: it went in, or it is named as left out.
        warnings.simplefilter("ignore")
        names = _names(facts, chosen)
        bench = Bench(press, chosen, folder, max(map(len, names.values())) + 1)
        maker = _Maker(facts, press, bench, names, left, max_bytes)
        return maker.made(out)


def _names(facts: Facts, chosen: Sequence[Chosen]) -> dict[Key, str]:
    """Each file's name in the package, but its ending."""
    word = store_word(facts.store.settings)
    numbers = numbered(chosen)
    classes = {(one.folder, one.name): one.class_ for one in chosen}
    return {
        (folder, name): file_name(
            word,
            folder,
            "" if folder == MEASURES else classes[folder, name],
            number,
            "",
        )
        for (folder, name), number in numbers.items()
    }


class _Maker:
    """One package in the making."""

    def __init__(
        self,
        facts: Facts,
        press: Press,
        bench: Bench,
        names: dict[Key, str],
        left: list[LeftOut],
        max_bytes: int,
    ) -> None:
        self.facts = facts
        self.press = press
        self.bench = bench
        self.names = names
        self.left = left
        self.max_bytes = max_bytes
        self.states = cell_states(facts.proof)

    def made(self, out: Path) -> Package:
        """The package, its parts measured and shown only when all are within the limit."""
        room = self.max_bytes - self._first_guess()
        lay, lost = self._fitted(room)
        for _ in range(_ROUNDS):
            left = [*self.left, *(LeftOut(*key, why) for key, why in sorted(lost.items()))]
            contents = self._contents(lay, room, left)
            with Drafts(out) as drafts:
                for part in range(1, len(contents.parts) + 1):
                    drafts.add(self._members(contents, lay, part))
                over = max(draft.stat().st_size for draft in drafts.drafts) - self.max_bytes
                if over <= 0:
                    paths = drafts.show(contents.parts)
                    self._clear(out, contents.parts)
                    said = notes(contents, left, self._maskers())
                    return Package(tuple(paths), contents, tuple(left), said)
            room -= over + 1_000
            lay, lost = self._fitted(room)
        raise BadParameter(
            tr(
                "the index alone takes nearly {max_bytes:,} bytes; raise max-bytes",
                max_bytes=self.max_bytes,
            )
        )

    def _fitted(self, room: int) -> tuple[Lay, dict[Key, str]]:
        lay, lost = fitted(self.bench, room)
        if not lay:
            raise BadParameter(
                tr(
                    "no file fits into {max_bytes:,} bytes; raise max-bytes or save the "
                    "files smaller",
                    max_bytes=self.max_bytes,
                )
            )
        return lay, lost

    def _first_guess(self) -> int:
        """Bytes for index and manifest, on the safe side: files are not fitted twice for them."""
        orders = self.facts.proof.cells["order_id"].nunique()
        return int(
            min(self.max_bytes // 2, _FIXED + _PER_FILE * len(self.names) + _PER_ORDER * orders)
        )

    def _contents(self, lay: Lay, room: int, left: list[LeftOut]) -> Contents:
        parts = shared({key: laid.size for key, laid in lay.items()}, room)
        packed = {
            key: self._packed(key, lay, at) for at, part in enumerate(parts, 1) for key in part
        }
        settings, day = self.facts.store.settings, self.facts.store.as_of
        measures = sorted((f.name, f.part) for key, f in packed.items() if key[0] == MEASURES)
        return Contents(
            settings=settings,
            as_of=day,
            orders=index_orders(self.facts.proof, packed, self._maskers()),
            measures=tuple(measures),
            files=tuple(sorted(packed.values(), key=lambda file: file.name)),
            parts=tuple(
                package_name(settings, day, at, len(parts)) for at in range(1, len(parts) + 1)
            ),
            max_bytes=self.max_bytes,
            left_out=len(left),
        )

    def _packed(self, key: Key, lay: Lay, part: int) -> Packed:
        laid = lay[key]
        data = laid.path.read_bytes()
        return Packed(
            name=self.names[key] + laid.form.ending,
            part=part,
            chosen=self.bench.chosen[key],
            form=laid.form,
            cell=self.states.get(key, ""),
            sha256=_hash(data),
            size=len(data),
        )

    def _maskers(self) -> dict[str, Any]:
        folders = {one.folder for one in self.bench.chosen.values()}
        folders |= {one.folder for one in self.left}
        return {folder: self.press.masker(folder) for folder in folders}

    def _members(self, contents: Contents, lay: Lay, part: int) -> list[Member]:
        word = store_word(contents.settings)
        manifest = json_text(contents.manifest()) + "\n"
        members: list[Member] = [
            (f"{word}_index.html", index_html(contents, part)),
            (f"{word}_index.pdf", index_pdf(contents)),
            (f"{word}_manifest.json", manifest.encode("utf-8")),
        ]
        paths = {self.names[key] + laid.form.ending: laid.path for key, laid in lay.items()}
        mine = files_by_part(contents.files)[part]
        return [*members, *((file.name, paths[file.name]) for file in mine)]

    def _clear(self, out: Path, names: Sequence[str]) -> None:
        """Take away ZIPs of an earlier package of this store and day that had other parts."""
        for path in out.glob("*.zip"):
            settings, day = self.facts.store.settings, self.facts.store.as_of
            if path.name not in names and is_of_package(path.name, settings, day):
                path.unlink()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
