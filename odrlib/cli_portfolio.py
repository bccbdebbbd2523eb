"""`odr portfolio`: every store that has a report, side by side, and an exit code for an alert."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from odrlib.cli_language import Command, asked
from odrlib.errors import ReportFailed
from odrlib.harmless import json_text
from odrlib.languages import tr
from odrlib.policy import table
from odrlib.store import parse_day

RULES = table("portfolio")


@click.command(cls=Command)
@click.argument("out", type=click.Path(path_type=Path), default="reports", metavar="[FOLDER]")
@click.option("--as-of", default="", metavar="DAY", help="Look at no report of a later day.")
@click.option("--today", default="", metavar="DAY", help="Count days from it, not from the clock.")
@click.option("--stores", default="", help="Only these store ids, with commas between them.")
@click.option("--client", default="", help="Only the stores of this client (store.toml).")
@click.option("--page", type=click.Path(path_type=Path), help="Where to write the page.")
@click.option(
    "--warn-spare",
    type=int,
    default=RULES["warn_spare"]["value"],
    show_default=True,
    help="Alert at so many spare defects, or fewer; -1 never.",
)
@click.option(
    "--warn-days",
    type=int,
    default=RULES["warn_days"]["value"],
    show_default=True,
    help="Alert at a forecast breach within so many days; -1 never.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
def portfolio(
    out: Path,
    as_of: str,
    today: str,
    stores: str,
    client: str,
    page: Path | None,
    warn_spare: int,
    warn_days: int,
    as_json: bool,
) -> None:
    """Compare all stores that have reports; exit 4 at a threshold, 5 if one cannot be judged."""
    import odrlib.portfolio as rooms
    from odrlib.portfolio.digest import INDEX
    from odrlib.portfolio.sentences import alert_lines, summary_lines
    from odrlib.report.index import write_page

    wanted = [one.strip() for one in stores.split(",") if one.strip()]
    found = rooms.portfolio(
        out,
        as_of=parse_day(as_of) if as_of else None,
        today=parse_day(today) if today else None,
        stores=wanted,
        client=client,
        thresholds=rooms.Thresholds(warn_spare, warn_days),
    )
    # The index holds every store; a page of some of them goes where it is asked for.
    some = wanted or client or as_of
    target = page or (None if some else out / INDEX)
    try:
        written = write_page(found, target, asked()) if target else None
    except OSError as error:
        raise ReportFailed(
            tr("{out}: cannot be written ({reason})", out=target, reason=error.strerror or error)
        ) from error
    if as_json:
        click.echo(json_text(found.as_dict()))
    else:
        for line in summary_lines(found):
            click.echo(line)
        if written:
            click.echo("\n" + tr("Page: {path}", path=written))
        for line in alert_lines(found):
            click.echo(line, err=True)
    sys.exit(rooms.exit_code(found.alerts))
