"""Notes: what to know of a package before it is sent, as findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from odrlib.finding import Finding, count
from odrlib.package.choice import LeftOut
from odrlib.package.contents import Contents
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
    kinds = Counter("picture" if file.chosen.kind == "image" else "PDF" for file in unseen)
    said = " and ".join(count(n, kind) for kind, n in sorted(kinds.items(), reverse=True))
    return [
        Finding(
            "look-before-you-send",
            "warning",
            f"{said} in the package could not be searched for buyers' data, and nothing in them "
            "is masked.",
            "Look at each; cover what is not itself the proof, and run the command again.",
            order_ids=orders,
            count=len(unseen),
        )
    ]


def _lost(contents: Contents) -> list[Finding]:
    lossy = [file for file in contents.files if file.form.lost]
    if not lossy:
        return []
    return [
        Finding(
            "part-of-file-left-out",
            "warning",
            f"{count(len(lossy), 'file')} went in without a part: "
            + "; ".join(f"{file.name}: {', '.join(file.form.lost)}" for file in lossy[:5])
            + (" …" if len(lossy) > 5 else "."),
            "If that part is a proof, save it as a file of its own in the order's folder.",
            order_ids=tuple(sorted({file.chosen.folder for file in lossy})),
            count=len(lossy),
        )
    ]


def _without_file(contents: Contents) -> list[Finding]:
    """Orders of which the package holds nothing."""
    bare = [o.order_id for o in contents.orders if not any(row.files for row in o.rows)]
    if not bare:
        return []
    return [
        Finding(
            "order-without-file",
            "warning",
            f"{count(len(bare), 'defective order')} without any file in the package.",
            "`odr evidence` says what to fetch next.",
            order_ids=tuple(bare),
            count=len(bare),
        )
    ]


def _lacking(contents: Contents) -> list[Finding]:
    """Cells that the package does not prove, by state."""
    found = []
    for state, level in (("contradicted", "error"), ("open", "warning"), ("unknown", "warning")):
        some = [o.order_id for o in contents.orders for row in o.rows if row.state == state]
        if not some:
            continue
        found.append(
            Finding(
                f"cells-{state}",
                level,
                f"{count(len(some), 'cell')} {state}; the index says so for each order.",
                "`odr evidence` says what disagrees, what is missing, and what to fetch next.",
                order_ids=tuple(dict.fromkeys(some)),
                count=len(some),
            )
        )
    return found


def _parts(contents: Contents) -> list[Finding]:
    if len(contents.parts) < 2:
        return []
    return [
        Finding(
            "package-in-parts",
            "warning",
            f"The package has {len(contents.parts)} parts of at most {contents.max_bytes:,} bytes "
            "each: the files do not fit into one at a size that can still be read.",
            "Send all parts together; each holds the whole index.",
            count=len(contents.parts),
        )
    ]


def package_lines(package: Package) -> list[str]:
    """The package in a few lines: each ZIP with its bytes, what it holds and what is masked."""
    contents = package.contents
    lines = [f"{path}  {path.stat().st_size:,} bytes" for path in package.paths]
    proven = sum(order.proven for order in contents.orders)
    lines.append(
        f"{count(len(contents.files), 'file')}; {proven:,} of "
        f"{count(len(contents.orders), 'order')} closed by evidence, "
        f"{count(contents.lacking, 'cell')} not closed."
    )
    if contents.masked:
        parts = ", ".join(f"{kind} {n:,}" for kind, n in contents.masked.items())
        lines.append(f"Masked in texts and PDFs: {parts}.")
    return lines
