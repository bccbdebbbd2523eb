"""The `odr` command: each sub-command reads its arguments, calls one public function and prints."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

import odrlib as odr
from odrlib import words
from odrlib.cli_appeal import appeal
from odrlib.cli_poa import poa
from odrlib.errors import BadParameter, BadStore, MissingExport, OdrError

FAILED, BAD_INPUT = 1, 2
STORE = click.argument("store", type=click.Path(path_type=Path))
AS_OF = click.option(
    "--as-of", default="", metavar="DAY", help="The day to answer for (2026-03-01)."
)
PROFILE = click.option(
    "--profile", default="", help="amazon or brief; the default is in store.toml."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(odr.__version__, prog_name="odr")
def commands() -> None:
    """Why is the Order Defect Rate high, and what proves it? Everything stays on this machine."""


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("data/demo"))
@click.option(
    "--seed", default=None, type=int, help="Another seed gives other make-believe stores."
)
def demo(folder: Path, seed: int | None) -> None:
    """Write the make-believe stores, in Amazon's own file formats."""
    for path in odr.write_demo(folder, **({} if seed is None else {"seed": seed})):
        click.echo(path)


@commands.command()
@STORE
@click.option("--marketplace", default="US", help="US, DE, JP …")
def init(store: Path, marketplace: str) -> None:
    """Make a store folder with a commented store.toml and ledger templates."""
    for path in odr.init_store(store, marketplace.upper()):
        click.echo(path)
    click.echo(f"Now put downloads into {store / 'exports'} and run: odr inspect {store}")


@commands.command()
@STORE
@AS_OF
@JSON
def inspect(store: Path, as_of: str, as_json: bool) -> None:
    """Show each file: what it is, rows used and set aside, days covered; and what is missing."""
    read = odr.read_store(store, as_of)
    facts = odr.build_facts(read)
    if as_json:
        whole = facts.as_dict()
        return _print(
            {key: whole[key] for key in ("store", "as_of", "sources", "set_aside", "quality")}
        )
    click.echo(f"{read.settings.title} on {read.as_of} ({read.as_of_reason})\n")
    for row in facts.sources.to_dict("records"):
        days = f"{row['first']} to {row['last']}" if row["first"] else "no dates"
        click.echo(f"{row['file']}\n  {row['title']} · {row['encoding']} · {days}")
        click.echo(
            f"  {row['rows']:,} rows = {row['used']:,} used + {row['set_aside']:,} set aside"
        )
    return _say_findings(facts.quality)


@commands.command()
@STORE
@AS_OF
@PROFILE
@click.option("--orders-per-day", type=float, help="Assumed of the days to come.")
@click.option("--new-defects-per-day", type=float, default=0.0, help="Assumed likewise.")
@JSON
def status(
    store: Path,
    as_of: str,
    profile: str,
    orders_per_day: float | None,
    new_defects_per_day: float,
    as_json: bool,
) -> None:
    """Show both profiles' rates, how far from the limit, and what can be taken off."""
    from odrlib.words.triage import contest_lines

    facts = odr.build_facts(
        odr.read_store(store, as_of),
        profile,
        orders_per_day=orders_per_day,
        new_defects_per_day=new_defects_per_day,
    )
    if as_json:
        parts = odr.status_dict(facts) | odr.triage_part(facts)
        return _print({"as_of": facts.store.as_of.isoformat(), **parts})
    click.echo(f"{facts.store.settings.title} on {facts.store.as_of} ({facts.store.as_of_reason})")
    for lines in facts.headlines.values():
        both = all(lines[channel].orders for channel in ("mfn", "afn"))
        for line in lines.values() if both else [lines["all"]]:
            click.echo(f"\n{words.standing(line)}")
            for sentence in filter(None, (words.next_step(line), words.forecast(line))):
                click.echo(f"  {sentence}")
    for row in facts.reconciliations:
        for finding in row.findings:
            click.echo(f"\n{finding.message} {finding.to_do}")
    for line in contest_lines(facts):
        click.echo(f"\n{line}")
    return None


@commands.command()
@STORE
@AS_OF
@PROFILE
@JSON
def causes(store: Path, as_of: str, profile: str, as_json: bool) -> None:
    """Rank the root causes of the window, with what is known beside each."""
    from odrlib.words.inquiry import inquiry_lines

    facts = odr.build_facts(odr.read_store(store, as_of), profile)
    if as_json:
        return _print(odr.causes_dict(facts))
    for line in inquiry_lines(facts.inquiry):
        click.echo(line)
    return None


@commands.command()
@STORE
@AS_OF
@click.option("--ocr", is_flag=True, help="Read letters in pictures too (needs pytesseract).")
@JSON
def evidence(store: Path, as_of: str, ocr: bool, as_json: bool) -> None:
    """Check what the evidence folder proves, order by order, and say what to fetch next."""
    from odrlib.words.evidence import evidence_lines, fetch_lines

    facts = odr.build_facts(odr.read_store(store, as_of))
    proof = odr.evidence_matrix(
        facts.store, facts.to_prove, judgement=facts.verdicts["amazon"], ocr=ocr
    )
    if as_json:
        return _print(odr.evidence_dict(proof))
    click.echo(f"{facts.store.settings.title} on {proof.as_of} ({facts.store.as_of_reason})")
    for line in evidence_lines(proof):
        click.echo(line)
    _say_findings(list(proof.findings))
    fetches = fetch_lines(proof.next)
    click.echo("\nWhat to fetch next:" if fetches else "")
    for line in fetches:
        click.echo(f"  {line}")
    return None


@commands.command()
@STORE
@click.option("--out", type=click.Path(path_type=Path), help="Default: reports/<store>/<day>.")
@AS_OF
@click.option("--max-bytes", type=int, help="Of each ZIP (default: 10,000,000).")
@JSON
def pack(store: Path, out: Path | None, as_of: str, max_bytes: int | None, as_json: bool) -> None:
    """Pack the evidence into a ZIP that can be sent, with an index of what is missing."""
    from odrlib.package import MAX_BYTES, build_package, package_lines

    facts = odr.build_facts(odr.read_store(store, as_of))
    folder = out or Path("reports", facts.store.settings.id, facts.store.as_of.isoformat())
    package = build_package(facts, folder, MAX_BYTES if max_bytes is None else max_bytes)
    if as_json:
        return _print(package.as_dict())
    for line in package_lines(package):
        click.echo(line)
    return _say_findings(list(package.findings))


@commands.command()
@click.argument("stores", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", default=Path("reports"), type=click.Path(path_type=Path), help="Where to write."
)
@AS_OF
@PROFILE
@click.option("--jobs", default=0, help="How many stores at a time (0: as many as cores).")
@click.option("--pdf", is_flag=True, help="Also print each page to a PDF, by a browser here.")
def report(
    stores: tuple[Path, ...], out: Path, as_of: str, profile: str, jobs: int, pdf: bool
) -> None:
    """Run the report notebook for each store: HTML, facts and tables; several give an index."""
    from odrlib.report import build_reports, exit_code, print_reports

    results = build_reports(stores, out, jobs=jobs or None, as_of=as_of, profile=profile)
    for result in results:
        if result.error:
            click.echo(f"odr: {result.id}: no report: {result.error}", err=True)
        else:
            click.echo(result.page)
    if len(stores) > 1:
        click.echo(out / "index.html")
    if pdf:
        results = print_reports(results)
        for result in results:
            if result.error and result.folder:
                click.echo(f"odr: {result.id}: no PDF: {result.error}", err=True)
            elif result.folder:
                click.echo(result.folder / "report.pdf")
    sys.exit(exit_code(results))


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--lang", default="en", help="en or zh.")
def notebooks(folder: Path | None, lang: str) -> None:
    """Write the notebooks in a language into a folder, to be opened and changed there."""
    from odrlib.languages import speak
    from odrlib.languages.notebook import write_notebooks

    speak(lang)
    for path, done in write_notebooks(folder or Path(f"notebooks-{lang}"), lang).items():
        click.echo(f"{path}: {done}")


commands.add_command(appeal)


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False))


def _say_findings(findings: list[odr.Finding]) -> None:
    for finding in findings:
        click.echo(f"\n{finding.level}: {finding.message}")
        if finding.to_do:
            click.echo(f"  {finding.to_do}")


commands.add_command(poa)


def main() -> None:
    """Run `odr`; what it refuses is one line on stderr, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console or a pipe may not be UTF-8, and a title may be Japanese.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        commands(standalone_mode=True)
    except OdrError as error:
        click.echo(f"odr: {error}", err=True)
        bad = isinstance(error, (BadStore, BadParameter, MissingExport))
        sys.exit(BAD_INPUT if bad else FAILED)


if __name__ == "__main__":
    main()
