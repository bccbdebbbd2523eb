"""Coverage: every defective order of the window is in the plan, and no order that is not one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from odrlib.finding import Finding
from odrlib.languages import language, tr, trn

if TYPE_CHECKING:
    from odrlib.poa.check import Reading


def coverage_findings(reading: Reading) -> Iterator[Finding]:
    """Orders that are missing, unknown, another store's, not defective, or in a wrong table."""
    known = reading.known
    named = {
        one.value: (judged.passage, one)
        for judged in reversed(reading.judged)
        for one in judged.mentions
        if one.kind == "order_id" and one.value
    }
    missing = tuple(name for name in known.defective_ids if name not in named)
    if missing:
        yield Finding(
            "poa-order-missing",
            "error",
            trn(
                "{n:,} defective order of the window is not in the plan: {names}.",
                "{n:,} defective orders of the window are not in the plan: {names}.",
                len(missing),
                names=_some(missing),
            ),
            tr(
                "List every defective order under its cause; one missing makes the "
                "appeal incomplete."
            ),
            order_id=missing[0] if len(missing) == 1 else None,
            order_ids=missing,
            count=len(missing),
        )
    for name in sorted(set(named) - set(known.rows)):
        passage, one = named[name]
        place = reading.place(passage, one.start, one.text)
        if known.has_order(name):
            yield Finding(
                "poa-order-not-defective",
                "warning",
                tr("Order {name} has no defect that counts.", name=name),
                tr("Take it out, or say why it is there."),
                place,
                order_id=name,
            )
            continue
        owner = next((row for row in known.siblings if row.holds(name)), None)
        if owner is not None:
            yield Finding(
                "poa-order-of-another-store",
                "error",
                tr("Order {name} is one of the store {id}.", name=name, id=owner.id),
                tr("Take it out: orders of two stores in one plan link the accounts."),
                place,
                order_id=name,
            )
        else:
            yield Finding(
                "poa-order-unknown",
                "error",
                tr("Order {name} is in no file of this store.", name=name),
                tr("Compare the id digit by digit with the order defect list."),
                place,
                order_id=name,
            )
    yield from _twice(reading)


def _twice(reading: Reading) -> Iterator[Finding]:
    """An order that two tables of the appendix place under different causes."""
    seen: dict[str, int] = {}
    for one in reading.judged:
        if one.passage.kind != "row" or "order_id" not in one.passage.columns:
            continue
        for name in one.values("order_id"):
            section = seen.setdefault(name, one.passage.section)
            if name and section != one.passage.section:
                yield Finding(
                    "poa-order-twice",
                    "warning",
                    tr("Order {name} is listed under two causes.", name=name),
                    tr("Keep it under one."),
                    reading.place(one.passage),
                    order_id=name,
                )


def _some(names: tuple[str, ...]) -> str:
    shown = ("、" if language() == "zh" else ", ").join(names[:5])
    if len(names) <= 5:
        return shown
    return tr("{shown} and {more:,} more", shown=shown, more=len(names) - 5)
