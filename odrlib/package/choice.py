"""
Choice: which files go into the package, and which stay out and why.

In goes every whole file of an order with a defect that counts, and the papers of measures. Out
stays what is a link, empty, locked or broken, and what is another store's, another order's or a
copy of another order's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from odrlib.evidence.folder import FOLDER, MEASURES, evidence_pieces, pieces_of
from odrlib.evidence.neighbours import names_of, neighbours
from odrlib.evidence.opening import Content, open_pieces
from odrlib.facts import Facts
from odrlib.finding import Finding, Place
from odrlib.languages import tr
from odrlib.package import rules
from odrlib.store import Store

# Findings of evidence that keep a file out, and the word for it here.
_NOT_OWN = {
    "file-of-another-store": "of-another-store",
    "file-of-another-order": "of-another-order",
    "file-is-copy": "copy",
}
UNSORTED = "unsorted"


@dataclass(frozen=True)
class Chosen:
    """
    A file that goes in.

    Parameters
    ----------
    folder : its order's id, or "measures"; `name` : path in that folder
    class_ : logistics, communication, remedy, measures, or "unsorted" if nothing tells
    kind : pdf, image, text, mail, page, workbook, document
    sha256, size : of the file as it was checked
    """

    folder: str
    name: str
    class_: str
    kind: str
    path: Path = field(repr=False)
    sha256: str
    size: int


@dataclass(frozen=True)
class LeftOut:
    """A file that stays out: `why` is a word of [left_out] in package.toml."""

    folder: str
    name: str
    why: str

    def finding(self, said: str) -> Finding:
        """The file as a finding; `said` is its name with nothing personal in it."""
        row = rules.data("package")["left_out"][self.why]
        # What is so and what to do are texts of package.toml.
        why, to_do = tr(row["why"]), tr(row["to_do"])
        file = f"{FOLDER}/{self.folder}/{said}"
        order_id = None if self.folder == MEASURES else self.folder
        return Finding(
            f"left-out-{self.why}",
            row["level"],
            tr("{file} is not in the package: {why}.", file=file, why=why),
            to_do,
            Place(file),
            order_id,
            (order_id,) if order_id else (),
        )


def choose(facts: Facts) -> tuple[list[Chosen], list[LeftOut]]:
    """What goes in and what stays out, each by folder and name."""
    chosen, left = _of_orders(facts)
    more, out = _of_measures(facts.store)
    return [*chosen, *more], [*left, *out]


def _of_orders(facts: Facts) -> tuple[list[Chosen], list[LeftOut]]:
    proof = facts.proof
    asked = set(proof.cells["order_id"])
    strange = {
        finding.place.file: _NOT_OWN[finding.id]
        for finding in proof.findings
        if finding.id in _NOT_OWN and finding.place
    }
    # What a file is called here is not always its name on the disk (see `shown_path`).
    paths = {(piece.order_id, piece.name): piece.path for piece in evidence_pieces(facts.store)}
    chosen, left = [], []
    for row in proof.files.to_dict("records"):
        folder, name = row["order_id"], row["file"]
        why = _why_out(row, folder in asked, strange.get(f"{FOLDER}/{folder}/{name}"))
        if why:
            left.append(LeftOut(folder, name, why))
            continue
        path = paths.get((folder, name), facts.store.folder / FOLDER / folder / name)
        class_ = row["class"] if isinstance(row["class"], str) else ""
        chosen.append(
            Chosen(folder, name, class_ or UNSORTED, row["kind"], path, row["sha256"], row["bytes"])
        )
    return chosen, left


def _why_out(row: dict[str, object], asked: bool, strange: str | None) -> str:
    state = str(row["state"])
    if state not in ("read", "not read"):
        return state.replace(" ", "-")
    if not row["own"]:
        return strange or "of-another-order"
    return "" if asked else "no-defect"


def _of_measures(store: Store) -> tuple[list[Chosen], list[LeftOut]]:
    """
    The papers of measures and settings: they are of no order, and may not name another store.

    The same paper may lie in two stores of one operator: a carrier's letter, a work instruction.
    """
    root = store.folder / FOLDER / MEASURES
    if not root.is_dir() or root.is_symlink() or root.parent.is_symlink():
        return [], []
    others = neighbours(store)
    contents = open_pieces(
        pieces_of(root, MEASURES), store.settings.marketplace, names_of(store, others)
    )
    mine = set(store.orders["order_id"]) if store.orders is not None else set()
    chosen, left = [], []
    for content in contents:
        name = content.piece.name
        foreign = content.shows.order_ids - mine
        theirs = content.strangers or (foreign and any(other.knows(foreign) for other in others))
        if not content.usable:
            left.append(LeftOut(MEASURES, name, content.state.replace(" ", "-")))
        elif theirs:
            left.append(LeftOut(MEASURES, name, "of-another-store"))
        else:
            chosen.append(_measure(content))
    return chosen, left


def _measure(content: Content) -> Chosen:
    piece = content.piece
    return Chosen(
        MEASURES, piece.name, MEASURES, content.kind, piece.path, content.sha256, piece.size
    )
