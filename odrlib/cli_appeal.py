"""`odr appeal …`: notices and the register. It records; it never sends anything to Amazon."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from odrlib.appeal.cases import said_matter, said_state
from odrlib.appeal.cells import said_cell
from odrlib.appeal.due import said_what, said_when
from odrlib.cli_language import Group, asked
from odrlib.cli_poa import said_level
from odrlib.exports.text import decode
from odrlib.finding import count
from odrlib.languages import sentences, tr
from odrlib.plain import json_text, plain_dict, records
from odrlib.store import parse_day

SOME_FAILED = 3
STORE = click.argument("store", type=click.Path(path_type=Path))
STORES = click.argument("stores", nargs=-1, required=True, type=click.Path(path_type=Path))
CASE = click.argument("case")
ON = click.option("--on", default="", metavar="DAY", help="The day it happened; default: today.")
AS_OF = click.option("--as-of", default="", metavar="DAY", help="The day to answer for.")
FILE = click.Path(path_type=Path)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")


@click.group(cls=Group)
def appeal() -> None:
    """The register of appeals: it records and never sends anything to Amazon."""


@appeal.command()
@click.argument("file", type=FILE)
@JSON
def notice(file: Path, as_json: bool) -> None:
    """Say what a notice asks for: txt, eml, html, md, pdf or docx; - reads pasted text."""
    from odrlib.appeal import read_notice

    said = read_notice(_pasted() if str(file) == "-" else file)
    if as_json:
        return _print(said.as_dict())
    patterns = ", ".join(said.patterns) or tr("not recognised")
    code = said.language or tr("unknown", context="language")
    click.echo(tr("{patterns} · language {language}", patterns=patterns, language=code))
    for topic, section in said.cells:
        click.echo(tr("  asks for {part}", part=said_cell(topic, section)))
    for line in _notice_lines(said):
        click.echo(f"  {line}")
    return _say(said.findings)


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

    registers = _each(stores, read_register)
    rows = [
        {"store": register.settings.id, **_case(case)}
        for register in registers
        for case in register.cases.values()
    ]
    if as_json:
        _print({"cases": rows})
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
        _say(finding for register in registers for finding in register.findings)
    _leave(stores, registers)


@appeal.command("open")
@STORE
@click.argument("title")
@click.option("--matter", default="account", help="account, claim, chargeback or feedback.")
@click.option("--cause", default="", help="The category that it is about (R01 …).")
@click.option("--order", "orders", multiple=True, help="An order that it is about; repeatable.")
@click.option("--notice", "file", type=FILE, help="The notice that began it.")
@ON
def open_(
    store: Path,
    title: str,
    matter: str,
    cause: str,
    orders: tuple[str, ...],
    file: Path | None,
    on: str,
) -> None:
    """Open a case, with its notice if there is one."""
    from odrlib.appeal import add_notice, open_case, read_notice

    if file is not None:
        read_notice(file)  # an unreadable file leaves no case behind
    case = open_case(store, title, matter=matter, cause=cause, order_ids=orders, on=parse_day(on))
    if file is not None:
        _say(add_notice(store, case.id, file, on=parse_day(on)).findings)
    click.echo(case.id)


@appeal.command("file")
@STORE
@CASE
@click.argument("notice", type=FILE)
@ON
def file_(store: Path, case: str, notice: Path, on: str) -> None:
    """Put a further notice on file in a case."""
    from odrlib.appeal import add_notice

    said = add_notice(store, case, notice, on=parse_day(on))
    patterns = ", ".join(said.patterns) or tr("a notice that was not recognised")
    click.echo(tr("{case}: {said}", case=case, said=patterns))
    _say(said.findings)


@appeal.command()
@STORE
@CASE
@click.argument("draft", type=FILE)
@click.option("--package", type=FILE, help="The evidence package that goes with it.")
@click.option("--facts", type=FILE, help="The facts.json that it was written from.")
@ON
def draft(
    store: Path, case: str, draft: Path, package: Path | None, facts: Path | None, on: str
) -> None:
    """Freeze a draft with its package and facts as the next submission."""
    from odrlib.appeal import draft_submission

    done = draft_submission(store, case, draft, package=package, facts=facts, on=parse_day(on))
    click.echo(
        tr(
            "{case}: submission {number} drafted, {sha256}",
            case=case,
            number=done.submissions[-1].number,
            sha256=done.submissions[-1].draft.sha256,
        )
    )


@appeal.command()
@STORE
@CASE
@ON
def submit(store: Path, case: str, on: str) -> None:
    """Record that you submitted the draft in Seller Central; nothing is sent from here."""
    from odrlib.appeal import submit as record

    done, findings = record(store, case, on=parse_day(on))
    click.echo(
        tr(
            "{case}: submission {number} submitted on {on}",
            case=case,
            number=done.submissions[-1].number,
            on=done.submissions[-1].submitted_on,
        )
    )
    _say(findings)


@appeal.command()
@STORE
@CASE
@ON
def review(store: Path, case: str, on: str) -> None:
    """Record that Account Health shows the appeal as under review."""
    from odrlib.appeal import under_review

    _say_state(under_review(store, case, on=parse_day(on)))


@appeal.command()
@STORE
@CASE
@click.argument("outcome", type=click.Choice(["more-information", "denied", "approved"]))
@click.option("--notice", type=FILE, help="The answer itself.")
@click.option("--reason", default="", help="Amazon's reason, in a few words.")
@click.option("--exempt", multiple=True, metavar="ORDER[:KIND]", help="An order it took off.")
@ON
def reply(
    store: Path,
    case: str,
    outcome: str,
    notice: Path | None,
    reason: str,
    exempt: tuple[str, ...],
    on: str,
) -> None:
    """Record Amazon's answer."""
    from odrlib.appeal import reply as record

    state = "more information asked" if outcome == "more-information" else outcome
    off = [(order, kind) for order, _, kind in (one.partition(":") for one in exempt)]
    day = parse_day(on)
    done = record(store, case, state, notice=notice, reason=reason, exempted=off, on=day)
    _say_state(done)


@appeal.command()
@STORE
@CASE
@ON
def withdraw(store: Path, case: str, on: str) -> None:
    """Record that you took the appeal back."""
    from odrlib.appeal import withdraw as record

    _say_state(record(store, case, on=parse_day(on)))


@appeal.command()
@STORE
@CASE
@ON
def close(store: Path, case: str, on: str) -> None:
    """Close a case."""
    from odrlib.appeal import close_case

    _say_state(close_case(store, case, on=parse_day(on)))


@appeal.command()
@STORE
@CASE
@click.argument("what")
@click.option("--owner", required=True, help="Who keeps it.")
@click.option("--due", required=True, metavar="DAY", help="By when.")
@click.option("--artefact", required=True, help="The file that will show it.")
@click.option("--setting", default="", help="The row of the settings ledger that must agree.")
@click.option("--cause", default="", help="The category that it is meant for (R01 …).")
def commit(
    store: Path, case: str, what: str, owner: str, due: str, artefact: str, setting: str, cause: str
) -> None:
    """Record a promise of the plan."""
    from odrlib.appeal import commit as record

    made = record(
        store,
        case,
        what,
        owner=owner,
        due=parse_day(due),
        artefact=artefact,
        setting=setting,
        cause=cause,
    )
    click.echo(made.id)


@appeal.command()
@STORE
@click.argument("commitment")
@click.argument("artefact", type=FILE)
@ON
def done(store: Path, commitment: str, artefact: Path, on: str) -> None:
    """Record that a promise was kept, with the file that shows it."""
    from odrlib.appeal import keep

    kept = keep(store, commitment, artefact, on=parse_day(on))
    click.echo(tr("{commitment}: done on {on}", commitment=commitment, on=kept.done_on))


@appeal.command()
@STORES
@AS_OF
@JSON
def due(stores: tuple[Path, ...], as_of: str, as_json: bool) -> None:
    """What has to be done by when, overdue first."""
    from odrlib.appeal import due_dates

    tables = _each(stores, lambda store: due_dates([store], parse_day(as_of)))
    rows = sorted(
        (row for table in tables for row in records(table)),
        key=lambda row: (row["due"], row["store"]),
    )
    if as_json:
        _print({"due": rows})
    else:
        for row in rows:
            when, what = said_when(row["state"]), said_what(row["what"])
            click.echo(f"{row['due']} {_padded(when, 8)} {row['store']} {what} {row['id']}")
            click.echo(f"  {row['text']}")
    _leave(stores, tables)


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

    days: dict[str, date | None] = {"first": parse_day(first), "last": parse_day(last)}
    tables = _each(stores, lambda one: look([one], text=text, cause=cause, outcome=outcome, **days))
    rows = [row for table in tables for row in records(table)]
    if as_json:
        _print({"found": rows})
    else:
        for row in rows:
            click.echo(" ".join(_found(row)))
    _leave(stores, tables)


@appeal.command()
@STORES
@JSON
def verify(stores: tuple[Path, ...], as_json: bool) -> None:
    """Check that journal and archive are what they were."""
    from odrlib.appeal import verify as check

    found = _each(stores, check)
    findings = [finding for one in found for finding in one]
    if as_json:
        _print({"findings": [finding.as_dict() for finding in findings]})
    else:
        _say(findings)
        click.echo(tr("nothing was changed") if not findings else "")
    _leave(stores, found)


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
        return _print(made)
    return click.echo(sheet_markdown(made), nl=False)


def _pasted() -> str:
    """What was pasted, in whatever encoding the terminal or pipe gives it."""
    return decode(sys.stdin.buffer.read()).data.decode("utf-8", errors="replace")


def _padded(text: str, width: int) -> str:
    """The text with blanks behind it; a Chinese letter is two wide."""
    return text + " " * (width - len(text) - sum(not letter.isascii() for letter in text))


def _say_state(case: Any) -> None:
    click.echo(tr("{case}: {said}", case=case.id, said=said_state(case.state)))


def _found(row: dict[str, Any]) -> Iterator[str]:
    """A row of a search, its codes in words."""
    words = {"matter": said_matter, "state": said_state, "outcome": said_state}
    words["found_in"] = _said_place
    for name, value in row.items():
        if value not in (None, ""):
            yield words[name](value) if name in words else str(value)


def _said_place(code: str) -> str:
    return tr("draft", context="found in") if code == "draft" else tr("notice", context="found in")


def _case(case: Any) -> dict[str, Any]:
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


def _each(stores: Iterable[Path], ask: Callable[[Path], Any]) -> list[Any]:
    """The answers of the stores; of several, one that cannot be read does not stop the rest."""
    from odrlib.errors import OdrError

    stores, answers = list(stores), []
    for store in stores:
        try:
            answers.append(ask(store))
        except OdrError as error:
            if len(stores) == 1:
                raise
            click.echo(f"odr: {error}", err=True)
    return answers


def _leave(stores: tuple[Path, ...], answers: list[Any]) -> None:
    if len(answers) < len(stores):
        sys.exit(SOME_FAILED)


def _print(value: Any) -> None:
    click.echo(json_text(value))


def _say(findings: Iterable[Any]) -> None:
    for finding in findings:
        said = sentences(finding.message, finding.to_do)
        click.echo(tr("{level}: {said}", level=said_level(finding.level), said=said))
