"""The steps in words: what is missing, where it comes from, and what to do with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from odrlib.guide.questions import joined
from odrlib.guide.steps import DAYS_AT_ONCE, Step, guide, others
from odrlib.languages import mark, sentences, tr, trn
from odrlib.store import Store
from odrlib.words.plain import capital

STAGES = {
    "orders": mark("nothing can be told without it"),
    "rate": mark("makes the rate known"),
    "causes": mark("finds causes"),
    "evidence": mark("proves"),
    "related": mark("tells the related metrics"),
}
FIRST_STEPS = 3  # how many are described in full


def missing_lines(steps: Sequence[Step], store: Store) -> Iterator[str]:
    """The steps: the first ones in full, the others by name."""
    if not steps:
        yield tr("Nothing is missing that we could name.")
        return
    yield tr("What is missing, the most valuable first")
    for number, step in enumerate(steps, start=1):
        yield from (
            step_lines(number, step, store) if number <= FIRST_STEPS else [_short(number, step)]
        )


def _short(number: int, step: Step) -> str:
    return tr("{number}. {title}: {hides}", number=number, title=capital(step.title),
              hides=step.hides)  # fmt: skip


def step_lines(number: int, step: Step, store: Store) -> Iterator[str]:
    """One step in full."""
    title = tr(", or ", context="list").join((step.title, *others(step)))
    yield tr("{number}. {title} ({why})", number=number, title=capital(title),
             why=tr(STAGES[step.stage]))  # fmt: skip
    for line in _told(step, store):
        yield f"   {line}"


def _told(step: Step, store: Store) -> Iterator[str]:
    if step.in_part:
        yield tr("No orders file reaches back to these days; if the store sold on them, orders and "
                 "defects are missing.")  # fmt: skip
    else:
        yield tr("Unknown without it: {hides}.", hides=step.hides)
    yield _where(step)
    if step.is_page:
        yield (
            tr("Button: “{button}”.", button=step.button)
            if step.button
            else tr("Button: we have no source for its name.")
        )
    if step.first and step.last:
        yield _choose(step, step.first, step.last)
    if step.form:
        yield _form(step)
    yield (
        tr("Write it into: {path}", path=store.folder / step.place)
        if step.is_ledger
        else tr("Put it into: {path}", path=f"{store.folder / step.place}/")
    )
    if step.note:
        yield step.note


def _where(step: Step) -> str:
    if step.is_ledger:
        return tr("What to write stands in: {where}", where=step.where)
    if step.domain:
        return tr("Where: {where}, on {domain}", where=step.where, domain=step.domain)
    return tr("Where: {where}", where=step.where)


def _choose(step: Step, first: date, last: date) -> str:
    said = tr("Days: at least {first} to {last} ({dates}).",
              first=first, last=last, dates=step.dates)  # fmt: skip
    if step.is_ledger or step.pieces < 2 or step.stage != "orders":
        return said
    pieces = trn(
        "If the page takes no more than {days} days at once, as the API does, that is {n} file; "
        "files may overlap.",
        "If the page takes no more than {days} days at once, as the API does, that is {n} files; "
        "files may overlap.",
        step.pieces, days=DAYS_AT_ONCE,
    )  # fmt: skip
    return sentences(said, pieces)


def _form(step: Step) -> str:
    if not step.headers:
        return tr("File: {form}; its name does not matter.", form=step.form)
    headers = joined(step.headers)
    if step.localised:
        return tr("File: {form}; its name does not matter, its header has {headers}, or the like "
                  "in another language.", form=step.form, headers=headers)  # fmt: skip
    return tr("File: {form}; its name does not matter, its header has {headers}.",
              form=step.form, headers=headers)  # fmt: skip


def no_orders(store: Store) -> str:
    """Why nothing can be told of a store without orders, and what to do; empty if it has some."""
    if store.orders is None:
        step = guide(store)[0]
        return tr(
            "{folder}: no file gives the orders, so nothing can be told; put {what} into {place} "
            "({where}), then run: odr inspect {folder}",
            folder=store.folder, what=step.title, place=store.folder / "exports", where=step.where,
        )  # fmt: skip
    if store.orders.empty:
        return tr(
            "{folder}: the orders files hold no order, so nothing can be told; download one of the "
            "days you ask about, then run: odr inspect {folder}",
            folder=store.folder,
        )  # fmt: skip
    return ""
