"""The questions to notices and registers: nothing here writes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from odrlib.cli_appeal.group import (
    AS_OF,
    FILE,
    JSON,
    STORE,
    STORES,
    appeal,
    each_of,
    leave,
    print_json,
    say,
)
from odrlib.cli_language import asked
from odrlib.finding import count
from odrlib.languages import tr
from odrlib.store import parse_day


@appeal.command()
@click.argument("file", type=FILE)
@JSON
def notice(file: Path, as_json: bool) -> None:
    """Say what a notice asks for: txt, eml, html, md, pdf or docx; - reads pasted text."""
    from odrlib.appeal import read_notice
    from odrlib.appeal.cells import said_cell

    said = read_notice(_pasted() if str(file) == "-" else file)
    if as_json:
        return print_json(said.as_dict())
    patterns = ", ".join(said.patterns) or tr("not recognised")
    code = said.language or tr("unknown", context="language")
    click.echo(tr("{patterns} · language {language}", patterns=patterns, language=code))
    for topic, section in said.cells:
        click.echo(tr("  asks for {part}", part=said_cell(topic, section)))
    for line in _notice_lines(said):
        click.echo(f"  {line}")
    return say(said.findings)


def _notice_lines(said: Any) -> Iterator[str]:
    """What a notice says besides what it asks for; what it does not say has no line."""
    if said.order_ids:
        yield tr("orders: {ids}", ids=", ".join(said.order_ids))
    if said.days is not None:
        yield tr("answer within {days}", days=count(said.days, "day"))
    if said.final:
        yield tr("final: no further answer is to be expected")
    if said.counts_in_odr is False:
        yield tr("the claim does not count in the order defect rate")
    if said.linked_account:
        yield tr("another account has to be reactivated first")


@appeal.command("list")
@STORES
@JSON
def list_(stores: tuple[Path, ...], as_json: bool) -> None:
    """List the cases with their state."""
    from odrlib.appeal import read_register
    from odrlib.appeal.cases import said_state

    registers = each_of(stores, read_register)
    rows = [
        {"store": register.settings.id, **_case(case)}
        for register in registers
        for case in register.cases.values()
    ]
    if as_json:
        print_json({"cases": rows})
    else:
        for row in rows:
            line = tr(
                "{store} {case} · {state} · {title} · {n} submitted or drafted · opened {on}",
                store=row["store"],
                case=row["id"],
                state=said_state(row["state"]),
                title=row["title"],
                n=len(row["submissions"]),
                on=row["opened_on"],
            )
            click.echo(line)
        say(finding for register in registers for finding in register.findings)
    leave(stores, registers)


def _case(case: Any) -> dict[str, Any]:
    from odrlib.plain import plain_dict

    return plain_dict(
        {
            **{name: getattr(case, name) for name in ("id", "title", "matter", "state", "cause")},
            "order_ids": case.order_ids,
            "opened_on": case.opened_on,
            "outcome": case.outcome,
            "submissions": [
                {
                    "number": one.number,
                    "drafted_on": one.drafted_on,
                    "submitted_on": one.submitted_on,
                    "outcome": one.outcome,
                    "answered_on": one.answered_on,
                    "draft": one.draft.as_dict(),
                    "package": one.package.as_dict() if one.package else None,
                    "facts": one.facts.as_dict() if one.facts else None,
                }
                for one in case.submissions
            ],
        }
    )


@appeal.command()
@STORES
@AS_OF
@JSON
def due(stores: tuple[Path, ...], as_of: str, as_json: bool) -> None:
    """What has to be done by when, overdue first."""
    from odrlib.appeal import due_dates
    from odrlib.appeal.due import said_what, said_when
    from odrlib.plain import records

    tables = each_of(stores, lambda store: due_dates([store], parse_day(as_of)))
    rows = sorted(
        (row for table in tables for row in records(table)),
        key=lambda row: (row["due"], row["store"]),
    )
    if as_json:
        print_json({"due": rows})
    else:
        for row in rows:
            when, what = said_when(row["state"]), said_what(row["what"])
            click.echo(f"{row['due']} {_padded(when, 8)} {row['store']} {what} {row['id']}")
            click.echo(f"  {row['text']}")
    leave(stores, tables)


def _padded(text: str, width: int) -> str:
    """The text with blanks behind it; a Chinese letter is two wide."""
    return text + " " * (width - len(text) - sum(not letter.isascii() for letter in text))


@appeal.command()
@STORES
@click.option("--text", default="", help="Words of a draft or notice.")
@click.option("--cause", default="", help="R01 …")
@click.option("--outcome", default="", help="approved, denied, more information asked")
@click.option("--first", default="", metavar="DAY")
@click.option("--last", default="", metavar="DAY")
@JSON
def search(
    stores: tuple[Path, ...],
    text: str,
    cause: str,
    outcome: str,
    first: str,
    last: str,
    as_json: bool,
) -> None:
    """Find earlier cases; the answer names ids and states, never a store's words."""
    from odrlib.appeal import search as look
    from odrlib.plain import records

    days: dict[str, date | None] = {"first": parse_day(first), "last": parse_day(last)}
    tables = each_of(
        stores, lambda one: look([one], text=text, cause=cause, outcome=outcome, **days)
    )
    rows = [row for table in tables for row in records(table)]
    if as_json:
        print_json({"found": rows})
    else:
        for row in rows:
            click.echo(" ".join(_found(row)))
    leave(stores, tables)


def _found(row: dict[str, Any]) -> Iterator[str]:
    """A row of a search, its codes in words."""
    from odrlib.appeal.cases import said_matter, said_state

    words = {"matter": said_matter, "state": said_state, "outcome": said_state}
    words["found_in"] = _said_place
    for name, value in row.items():
        if value not in (None, ""):
            yield words[name](value) if name in words else str(value)


def _said_place(code: str) -> str:
    return tr("draft", context="found in") if code == "draft" else tr("notice", context="found in")


@appeal.command()
@STORES
@JSON
def verify(stores: tuple[Path, ...], as_json: bool) -> None:
    """Check that journal and archive are what they were."""
    from odrlib.appeal import verify as check

    found = each_of(stores, check)
    findings = [finding for one in found for finding in one]
    if as_json:
        print_json({"findings": [finding.as_dict() for finding in findings]})
    else:
        say(findings)
        click.echo(tr("nothing was changed") if not findings else "")
    leave(stores, found)


@appeal.command()
@STORE
@AS_OF
@JSON
def sheet(store: Path, as_of: str, as_json: bool) -> None:
    """Print the case sheet that a helper or lawyer asks for (Markdown)."""
    from odrlib.appeal import case_sheet, read_register, sheet_markdown
    from odrlib.facts import build_facts
    from odrlib.store import read_store

    made = case_sheet(build_facts(read_store(store, as_of, language=asked())), read_register(store))
    if as_json:
        return print_json(made)
    return click.echo(sheet_markdown(made), nl=False)


@appeal.command()
@STORE
@click.argument("column")
@click.argument("value")
@click.option("--since", required=True, help="The first day of the measure, YYYY-MM-DD.")
@click.option("--as-of", default="", help="The day to answer for, YYYY-MM-DD.")
def worked(store: Path, column: str, value: str, since: str, as_of: str) -> None:
    """Say whether a measure worked: the orders with this VALUE before and after, and the rest."""
    import odrlib as odr
    from odrlib.appeal import did_it_work
    from odrlib.errors import BadParameter

    read = odr.read_store(store, as_of, language=asked())
    defects = odr.defects_by_order(read)
    table = odr.attributes(defects, read.messages, read.settings.timezone)
    if column not in table:
        known = ", ".join(map(str, table.columns[2:]))
        raise BadParameter(
            tr("no column {column!r} in the orders; there are {known}", column=column, known=known)
        )
    day = parse_day(since)
    if day is None:
        raise BadParameter(tr("--since needs a day such as 2026-03-01"))
    affected = table[column].astype("str").eq(value).fillna(False)
    click.echo(did_it_work(defects, affected.astype(bool), day, read.as_of).text)


def _pasted() -> str:
    """What was pasted, in whatever encoding the terminal or pipe gives it."""
    from odrlib.exports.text import decode

    return decode(sys.stdin.buffer.read()).data.decode("utf-8", errors="replace")
