"""Listing: the judged cells, the files and the faults as tables and findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from odrlib.columns import framed
from odrlib.evidence.belonging import Registry
from odrlib.evidence.case import Case, Held, fault_of_file, fault_of_lost
from odrlib.evidence.cell import Cell, Fault
from odrlib.evidence.folder import FOLDER, stray_findings
from odrlib.evidence.opening import Content
from odrlib.finding import Finding, Place
from odrlib.languages import tr
from odrlib.store import Store

Judged = Sequence[tuple[Case, tuple[Cell, ...]]]
LEVELS = ("error", "warning", "information")
CELLS = {
    "order_id": "str", "day": "datetime64[us]", "kinds": "object", "topic": "str", "class": "str",
    "state": "str", "required": "str", "missing": "object", "contradictions": "object",
    "unknown": "object", "notes": "object", "files": "object",
}  # fmt: skip
FILES = {
    "order_id": "str", "file": "str", "class": "str", "told_by": "str", "kind": "str",
    "state": "str", "why": "str", "bytes": "int64", "sha256": "str", "pages": "int64",
    "taken_on": "datetime64[us]", "has_location": "bool", "own": "bool",
}  # fmt: skip


def cells_table(done: Judged) -> pd.DataFrame:
    rows = [
        {
            "order_id": case.order_id,
            "day": pd.Timestamp(case.day),
            "kinds": list(case.kinds),
            "topic": case.topic,
            "class": cell.class_,
            "required": cell.required,
            **cell.as_dict(),
        }
        for case, cells in done
        for cell in cells
    ]
    return framed(rows, CELLS)


def files_table(
    cases: Sequence[Case], rest: Sequence[Content], faults: Mapping[str, Fault]
) -> pd.DataFrame:
    loose = [Held(content, "", "", fault=faults.get(content.piece.file)) for content in rest]
    held = [one for case in cases for one in case.held] + loose
    rows = [
        (
            one.content.piece.order_id, one.name, one.class_, one.by, one.content.kind,
            one.content.state, one.content.because, one.content.piece.size, one.content.sha256,
            one.content.pages, one.content.taken_on, one.content.located, one.fault is None,
        )
        for one in held
    ]  # fmt: skip
    rows.sort(key=lambda row: row[:2])
    return framed(rows, FILES)


def findings_of(
    store: Store,
    done: Judged,
    rest: Sequence[Content],
    faults: Mapping[str, Fault],
    registry: Registry,
) -> tuple[Finding, ...]:
    found = stray_findings(store) + _strange_folders(registry)
    for case, cells in done:
        told = [fault for cell in cells for fault in cell.faults]
        told += [f for held in case.of_class("") if (f := fault_of_file(held))]
        told += [fault_of_lost(lost) for lost in case.lost if not lost.class_]
        told += [fault for held in case.held for fault in (*_of_form(held), *_of_use(held))]
        told += _twice(case)
        found += [finding for fault in told if (finding := fault.finding(case.order_id))]
    for content in rest:
        held = Held(content, "", "", fault=faults.get(content.piece.file))
        faulty = fault_of_file(held)
        told = ([faulty] if faulty else []) + _of_form(held)
        found += [one for fault in told if (one := fault.finding(content.piece.order_id))]
    distinct = {(f.id, f.order_id, f.place, f.message): f for f in found}
    return tuple(
        sorted(
            distinct.values(),
            key=lambda f: (LEVELS.index(f.level), f.order_id or "", f.id, f.message),
        )
    )


def _strange_folders(registry: Registry) -> list[Finding]:
    """Folders of orders that no orders file of this store has."""
    found = []
    for order_id in sorted(set(registry.known) - registry.orders):
        other = registry.theirs.get(order_id)
        said = (
            tr(
                "Order {order} has a folder in {folder}/, and it is of the store {other}.",
                order=order_id,
                folder=FOLDER,
                other=other,
            )
            if other
            else tr(
                "Order {order} has a folder in {folder}/, and no orders file has it.",
                order=order_id,
                folder=FOLDER,
            )
        )
        found.append(
            Finding(
                "folder-of-another-store" if other else "folder-of-unknown-order",
                "error" if other else "warning",
                said,
                tr("Move the folder to its own store.") if other else tr("Check the order id."),
                Place(f"{FOLDER}/{order_id}"),
                order_id,
                (order_id,),
            )
        )
    return found


def _of_form(held: Held) -> list[Fault]:
    """A name that says another kind of file than it is."""
    content = held.content
    if not content.usable or content.fits:
        return []
    return [
        Fault(
            "file-wrong-extension",
            "note",
            tr(
                "{file} is no {ending} file, it is {kind}",
                file=held.name,
                ending=held.name.rsplit(".", 1)[-1],
                kind=_kind(content),
            ),
            fetch=tr("name {file} as what it is; Amazon may not open it", file=held.name),
            place=Place(content.piece.file),
            level="warning",
        )
    ]


def _of_use(held: Held) -> list[Fault]:
    """A file that no class claims."""
    if not held.usable or held.class_:
        return []
    return [
        Fault(
            "file-use-unknown",
            "note",
            tr("nothing tells what {file} is for; it was not used", file=held.name),
            fetch=tr("a row of the evidence ledger for {file}, with its class", file=held.name),
            place=held.place or Place(held.content.piece.file),
            level="information",
        )
    ]


def _kind(content: Content) -> str:
    return {
        "image": tr("a picture"),
        "text": tr("plain text"),
        "page": tr("a web page"),
        "pdf": tr("a pdf"),
        "mail": tr("a mail"),
        "workbook": tr("a workbook"),
        "document": tr("a document"),
    }.get(content.kind, content.kind)


def _twice(case: Case) -> list[Fault]:
    """The same file under two names in one folder."""
    seen: dict[str, str] = {}
    found = []
    for held in case.held:
        if not held.content.usable:
            continue
        first = seen.setdefault(held.content.sha256, held.name)
        if first != held.name:
            found.append(
                Fault(
                    "file-twice",
                    "note",
                    tr("{file} is the same file as {first}", file=held.name, first=first),
                    fetch=tr("one of them is enough"),
                    place=Place(held.content.piece.file),
                    level="information",
                )
            )
    return found
