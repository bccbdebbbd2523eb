"""The `odr` command: each sub-command reads its arguments, calls one public function and prints."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

import odrlib as odr
from odrlib.cli_appeal import appeal
from odrlib.cli_language import Group, asked, language_of_line
from odrlib.cli_poa import poa
from odrlib.cli_portfolio import portfolio
from odrlib.cli_stream import protect_terminal
from odrlib.errors import BadParameter, BadStore, MissingExport, OdrError
from odrlib.harmless import json_text
from odrlib.languages import LANGUAGES, language, sentences, speak, tr
from odrlib.policy import MARKETPLACES
from odrlib.report.kernel import GARBAGE

FAILED, BAD_INPUT, STOPPED = 1, 2, 130
STORE = click.argument("store", type=click.Path(path_type=Path))
AS_OF = click.option(
    "--as-of", default="", metavar="DAY", help="The day to answer for (2026-03-01)."
)
PROFILE = click.option(
    "--profile", default="", help="amazon or brief; the default is in store.toml."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")


@click.group(cls=Group)
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
    given: dict[str, Any] = {} if seed is None else {"seed": seed}
    for path in odr.write_demo(folder, **given):
        click.echo(path)


@commands.command()
@STORE
@click.option("--marketplace", default="US", help="US, DE, JP …")
@click.option("--name", default="", help="The store's name, as Seller Central shows it.")
@click.option("--ask", is_flag=True, help="Ask for marketplace, name and language.")
def init(store: Path, marketplace: str, name: str, ask: bool) -> None:
    """Make a store folder with a commented store.toml and ledger templates."""
    from odrlib.guide import FIRST_STEPS, guide, missing_lines

    if ask:
        speak(_answered(tr("Language"), list(LANGUAGES), language()))
        marketplace = _answered(tr("Marketplace"), list(MARKETPLACES), marketplace)
        name = click.prompt(tr("Name of the store (may stay empty)"), default=name)
    for path in odr.init_store(store, marketplace.upper(), name=name):
        click.echo(path)
    made = _read(store)
    click.echo("")
    for line in missing_lines(guide(made)[:FIRST_STEPS], made):
        click.echo(line)
    click.echo("")
    click.echo(
        tr("Now put downloads into {folder} and run: odr inspect {store}",
           folder=store / "exports", store=store)
    )  # fmt: skip


@commands.command()
@STORE
@AS_OF
@JSON
def inspect(store: Path, as_of: str, as_json: bool) -> None:
    """Show each file and its rows, what can be answered now, and which file to fetch next."""
    from odrlib.guide import inspect_dict, inspect_lines

    facts = odr.build_facts(_read(store, as_of))
    if as_json:
        return _print(inspect_dict(facts))
    for line in inspect_lines(facts):
        click.echo(line)
    return None


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
    from odrlib import words
    from odrlib.guide import title_line
    from odrlib.words.triage import contest_lines

    facts = odr.build_facts(
        _read(store, as_of),
        profile,
        orders_per_day=orders_per_day,
        new_defects_per_day=new_defects_per_day,
    )
    if as_json:
        parts = odr.status_dict(facts) | odr.triage_part(facts)
        return _print({"as_of": facts.store.as_of.isoformat(), **parts})
    _need_orders(facts)
    click.echo(title_line(facts.store))
    for lines in facts.headlines.values():
        both = all(lines[channel].orders for channel in ("mfn", "afn"))
        for line in lines.values() if both else [lines["all"]]:
            click.echo(f"\n{words.standing(line)}")
            for sentence in filter(None, (words.next_step(line), words.forecast(line))):
                click.echo(f"  {sentence}")
    for row in facts.reconciliations:
        for finding in row.findings:
            click.echo(f"\n{sentences(finding.message, finding.to_do)}")
    for said in contest_lines(facts):
        click.echo(f"\n{said}")
    return None


@commands.command()
@STORE
@AS_OF
@PROFILE
@JSON
def causes(store: Path, as_of: str, profile: str, as_json: bool) -> None:
    """Rank the root causes of the window, with what is known beside each."""
    from odrlib.words.inquiry import inquiry_lines

    facts = odr.build_facts(_read(store, as_of), profile)
    if as_json:
        return _print(odr.causes_dict(facts))
    _need_orders(facts)
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
    from odrlib.guide import title_line
    from odrlib.words.evidence import evidence_lines, fetch_lines

    facts = odr.build_facts(_read(store, as_of))
    proof = odr.evidence_matrix(
        facts.store, facts.to_prove, judgement=facts.verdicts["amazon"], ocr=ocr
    )
    if as_json:
        return _print(odr.evidence_dict(proof))
    _need_orders(facts)
    click.echo(title_line(facts.store))
    for line in evidence_lines(proof):
        click.echo(line)
    _say_findings(list(proof.findings))
    fetches = fetch_lines(proof.next)
    click.echo("\n" + tr("What to fetch next:") if fetches else "")
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

    facts = odr.build_facts(_read(store, as_of))
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
@click.option(
    "--notebook", default=None, type=click.Path(path_type=Path), help="Another notebook to run."
)
@click.option("--force", is_flag=True, help="Run stores too of which nothing has changed.")
@click.option("--timeout", default=3600.0, help="Seconds that one store may take.")
@click.option(
    "--scheduler", default="", metavar="ADDRESS", help="Run on a dask cluster (tcp://host:8786)."
)
@click.option("--progress/--no-progress", default=None, help="Tell on stderr how far it is.")
@click.option("--pdf", is_flag=True, help="Also print each page to a PDF, by a browser here.")
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    help="A folder for what was read, so that the next run reads new files only.",
)
@JSON
def report(
    stores: tuple[Path, ...],
    out: Path,
    as_of: str,
    profile: str,
    jobs: int,
    notebook: Path | None,
    force: bool,
    timeout: float,
    scheduler: str,
    progress: bool | None,
    pdf: bool,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Run the report notebook for each store: HTML, facts and tables; several give an index."""
    from odrlib.portfolio.digest import INDEX
    from odrlib.report import build_reports, exit_code, print_reports

    if cache:
        from odrlib.cache import VARIABLE, Cache

        # The kernels that read the stores take it from here.
        os.environ[VARIABLE] = str(Cache(cache.expanduser().absolute()).folder)
    stores = _folders(stores)
    log: list[Path] = []
    try:
        with _stoppable():
            results = build_reports(
                stores,
                out,
                jobs=jobs or None,
                force=force,
                timeout=timeout,
                scheduler=scheduler,
                bar=progress,
                log=log,
                as_of=as_of,
                profile=profile,
                language=asked(),
                notebook=notebook or "",
            )
    except KeyboardInterrupt:
        click.echo(tr("odr: stopped; the same command goes on from here"), err=True)
        sys.exit(STOPPED)
    for result in results:
        if result.error:
            failed = tr("odr: {store}: no report: {why}", store=result.id, why=result.error)
            click.echo(failed, err=True)
            if result.failed_notebook:
                kept = tr("odr: {store}: as far as it came: {notebook}",
                          store=result.id, notebook=result.failed_notebook)  # fmt: skip
                click.echo(kept, err=True)
        elif as_json:
            continue
        elif result.status == "unchanged":
            click.echo(tr("{page} (unchanged)", page=result.page))
        else:
            click.echo(result.page)
    if len(stores) > 1 and not as_json:
        click.echo(out / INDEX)
    if pdf:
        results = print_reports(results)
        for result in results:
            if result.error and result.folder:
                failed = tr("odr: {store}: no PDF: {why}", store=result.id, why=result.error)
                click.echo(failed, err=True)
            elif result.folder and not as_json:
                click.echo(result.folder / "report.pdf")
    if as_json:
        told = [result.as_dict() for result in results]
        _print({"exit": exit_code(results), "log": str(log[0]), "stores": told})
    sys.exit(exit_code(results))


@contextmanager
def _stoppable() -> Iterator[None]:
    """Whatever tells this process to end, it ends as by Ctrl-C; and only once."""
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

    def stop(*_: object) -> None:
        for name in names:
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
def notebooks(folder: Path | None) -> None:
    """Write the notebooks in a language into a folder, to be opened and changed there."""
    from odrlib.languages.notebook import write_notebooks

    spoken = asked() or language()
    for path, done in write_notebooks(folder or Path(f"notebooks-{spoken}"), spoken).items():
        click.echo(f"{path}: {done}")


commands.add_command(appeal)


def _print(value: Any) -> None:
    click.echo(json_text(value))


def _read(store: Path, as_of: str = "") -> odr.Store:
    """The store, said in the language that the command line asks for, else in its own."""
    return odr.read_store(store, as_of, language=asked())


def _folders(stores: tuple[Path, ...]) -> tuple[Path, ...]:
    """A pattern such as `stores/*` also names the files that lie there: told, and left out."""
    folders = tuple(store for store in stores if not store.is_file())
    if not folders:
        return stores
    for file in stores:
        if file.is_file():
            left_out = tr("odr: {file}: a file, not a store folder; left out", file=file)
            click.echo(left_out, err=True)
    return folders


def _need_orders(facts: odr.Facts) -> None:
    """Without orders there is no rate, no cause and no proof: say what to fetch, and stop."""
    from odrlib.guide import no_orders

    why = no_orders(facts.store)
    if why:
        raise MissingExport(why)


def _answered(question: str, choices: list[str], default: str) -> str:
    return click.prompt(question, type=click.Choice(choices, case_sensitive=False), default=default)


def _say_findings(findings: list[odr.Finding]) -> None:
    from odrlib.guide import finding_lines

    for finding in findings:
        for line in finding_lines(finding):
            click.echo(line)


commands.add_command(poa)
commands.add_command(portfolio)


def main() -> None:
    """Run `odr`; what it refuses is one line on stderr, never a traceback."""
    # A command is over before a few cycles of garbage weigh; looking for them costs a tenth of it.
    gc.set_threshold(GARBAGE)
    protect_terminal()
    speak(language_of_line(sys.argv[1:]))
    try:
        commands(standalone_mode=True)
    except OdrError as error:
        click.echo(f"odr: {error}", err=True)
        bad = isinstance(error, (BadStore, BadParameter, MissingExport))
        sys.exit(BAD_INPUT if bad else FAILED)
    except OSError as error:
        why = error.strerror or str(error)
        if error.filename:
            why = tr("{file}: cannot be read or written ({reason})",
                     file=os.fsdecode(error.filename), reason=why)  # fmt: skip
        click.echo(f"odr: {why}", err=True)
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
