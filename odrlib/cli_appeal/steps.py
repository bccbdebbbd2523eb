"""The steps of a case: what opens, changes or ends it, one line of the journal each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from odrlib.cli_appeal.group import CASE, FILE, ON, STORE, appeal, say
from odrlib.languages import tr
from odrlib.store import parse_day


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
        say(add_notice(store, case.id, file, on=parse_day(on)).findings)
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
    say(said.findings)


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
    say(findings)


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


def _say_state(case: Any) -> None:
    from odrlib.appeal.cases import said_state

    click.echo(tr("{case}: {said}", case=case.id, said=said_state(case.state)))
