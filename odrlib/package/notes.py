"""Notes: what to know of a package before it is sent, as findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from odrlib.finding import Finding, Level, count
from odrlib.languages import language, mark, tr, trn, worded
from odrlib.package.choice import LeftOut
from odrlib.package.contents import Contents, Packed
from odrlib.package.masking import Masker

if TYPE_CHECKING:
    from odrlib.package.build import Package

LEVELS = ("error", "warning", "information")


def notes(
    contents: Contents, left: Sequence[LeftOut], maskers: Mapping[str, Masker]
) -> tuple[Finding, ...]:
    """Everything that a seller should look at before sending, errors first."""
    found = [_left_out(one, maskers) for one in left]
    found += _look(contents)
    found += _lost(contents)
    found += _without_file(contents)
    found += _lacking(contents)
    found += _parts(contents)
    return tuple(
        sorted(found, key=lambda f: (LEVELS.index(f.level), f.id, f.order_id or "", f.message))
    )


def _left_out(one: LeftOut, maskers: Mapping[str, Masker]) -> Finding:
    masker = maskers.get(one.folder, Masker())
    return one.finding(masker.masked(one.name)[0])


def _look(contents: Contents) -> list[Finding]:
    unseen = contents.not_masked
    if not unseen:
        return []
    orders = tuple(sorted({file.chosen.folder for file in unseen}))
    pictures = sum(file.chosen.kind == "image" for file in unseen)
    return [
        Finding(
            "look-before-you-send",
            "warning",
            _unseen(pictures, len(unseen) - pictures),
            tr("Look at each; cover what is not itself the proof, and run the command again."),
            order_ids=orders,
            count=len(unseen),
        )
    ]


def _unseen(pictures: int, papers: int) -> str:
    images = trn("{n:,} picture", "{n:,} pictures", pictures)
    pdfs = trn("{n:,} PDF", "{n:,} PDFs", papers)
    if pictures and papers:
        return tr(
            "{images} and {pdfs} in the package could not be searched for buyers' "
            "data, and nothing in them is masked.",
            images=images,
            pdfs=pdfs,
        )
    return tr("{files} in the package could not be searched for buyers' data, and nothing in "
              "them is masked.", files=images if pictures else pdfs)  # fmt: skip


def _lost(contents: Contents) -> list[Finding]:
    lossy = [file for file in contents.files if file.form.lost]
    if not lossy:
        return []
    files = count(len(lossy), "file")
    parts = ("；" if language() == "zh" else "; ").join(map(_without, lossy[:5]))
    return [
        Finding(
            "part-of-file-left-out",
            "warning",
            tr("{files} went in without a part: {parts} …", files=files, parts=parts)
            if len(lossy) > 5
            else tr("{files} went in without a part: {parts}.", files=files, parts=parts),
            tr("If that part is a proof, save it as a file of its own in the order's folder."),
            order_ids=tuple(sorted({file.chosen.folder for file in lossy})),
            count=len(lossy),
        )
    ]


def _without(file: Packed) -> str:
    """A file, and what of it stayed out."""
    comma = "、" if language() == "zh" else ", "
    lost = comma.join(tr(what, kind=kind) for what, kind in file.form.lost)
    return tr("{file}: {lost}", file=file.name, lost=lost)


def _without_file(contents: Contents) -> list[Finding]:
    """Orders of which the package holds nothing."""
    bare = [o.order_id for o in contents.orders if not any(row.files for row in o.rows)]
    if not bare:
        return []
    return [
        Finding(
            "order-without-file",
            "warning",
            tr(
                "{defective_orders} without any file in the package.",
                defective_orders=count(len(bare), "defective order"),
            ),
            tr("`odr evidence` says what to fetch next."),
            order_ids=tuple(bare),
            count=len(bare),
        )
    ]


def _lacking(contents: Contents) -> list[Finding]:
    """Cells that the package does not prove, by state."""
    found = []
    levels: tuple[tuple[str, Level], ...] = (
        ("contradicted", "error"), ("open", "warning"), ("unknown", "warning"),
    )  # fmt: skip
    for state, level in levels:
        some = [o.order_id for o in contents.orders for row in o.rows if row.state == state]
        if not some:
            continue
        found.append(
            Finding(
                f"cells-{state}",
                level,
                _said(state, len(some)),
                tr("`odr evidence` says what disagrees, what is missing, and what to fetch next."),
                order_ids=tuple(dict.fromkeys(some)),
                count=len(some),
            )
        )
    return found


def _said(state: str, cells: int) -> str:
    if state == "contradicted":
        return trn(
            "{n:,} cell contradicted; the index says so for each order.",
            "{n:,} cells contradicted; the index says so for each order.",
            cells,
        )
    if state == "open":
        return trn(
            "{n:,} cell open; the index says so for each order.",
            "{n:,} cells open; the index says so for each order.",
            cells,
        )
    return trn(
        "{n:,} cell unknown; the index says so for each order.",
        "{n:,} cells unknown; the index says so for each order.",
        cells,
    )


def _parts(contents: Contents) -> list[Finding]:
    if len(contents.parts) < 2:
        return []
    return [
        Finding(
            "package-in-parts",
            "warning",
            tr(
                "The package has {parts} parts of at most {max_bytes:,} bytes each: "
                "the files do not fit into one at a size that can still be read.",
                parts=len(contents.parts),
                max_bytes=contents.max_bytes,
            ),
            tr("Send all parts together; each holds the whole index."),
            count=len(contents.parts),
        )
    ]


KIND_WORDS = {
    "email": mark("email", context="masked"),
    "phone": mark("phone", context="masked"),
    "name": mark("name", context="masked"),
    "address": mark("address", context="masked"),
}


def said_kind(code: str) -> str:
    """A kind of personal data in words; another word stays as it is."""
    return worded(code, KIND_WORDS, context="masked")


def package_lines(package: Package) -> list[str]:
    """The package in a few lines: each ZIP with its bytes, what it holds and what is masked."""
    contents = package.contents
    lines = [
        tr("{path}  {bytes:,} bytes", path=path, bytes=path.stat().st_size)
        for path in package.paths
    ]
    proven = sum(order.proven for order in contents.orders)
    files, orders = count(len(contents.files), "file"), count(len(contents.orders), "order")
    lacking = trn("{n:,} cell not closed", "{n:,} cells not closed", contents.lacking)
    lines.append(
        tr("{files}; {proven:,} of {orders} closed by evidence, {lacking}.",
           files=files, proven=proven, orders=orders, lacking=lacking)
    )  # fmt: skip
    if contents.masked:
        comma = "、" if language() == "zh" else ", "
        parts = comma.join(f"{said_kind(kind)} {n:,}" for kind, n in contents.masked.items())
        lines.append(tr("Masked in texts and PDFs: {parts}.", parts=parts))
    return lines
