"""The commands `odr poa draft` and `odr poa check`."""

from __future__ import annotations

from pathlib import Path

import click

import odrlib as odr
from odrlib.cli_language import Group, asked
from odrlib.harmless import json_text
from odrlib.languages import sentences, tr


@click.group(cls=Group)
def poa() -> None:
    """The Plan of Action: a worksheet from the facts, and a check of what was written."""


@poa.command()
@click.argument("store", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The file to write (default: print).")
@click.option("--language", default="", help="en, de, ja, fr, it or es; default: the site's.")
@click.option("--docx", is_flag=True, help="A Word file with two columns instead of Markdown.")
@click.option("--as-of", default="", metavar="DAY", help="The day to answer for (2026-03-01).")
@click.option("--profile", default="", help="amazon or brief; the default is in store.toml.")
def draft(
    store: Path, out: Path | None, language: str, docx: bool, as_of: str, profile: str
) -> None:
    """Write the worksheet: facts per cause, measures of the register, places to fill."""
    from odrlib.poa import draft_findings, draft_poa

    facts = odr.build_facts(odr.read_store(store, as_of, language=asked()), profile)
    sheet = draft_poa(facts, language)
    if out is None and not docx:
        click.echo(sheet.markdown(), nl=False)
        return
    ending = "docx" if docx else "md"
    path = out or Path(f"poa-{sheet.store}-{sheet.as_of}.{ending}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sheet.docx() if docx else sheet.markdown().encode("utf-8"))
    click.echo(path)
    for finding in draft_findings(sheet):
        said = sentences(finding.message, finding.to_do)
        click.echo(tr("{level}: {said}", level=said_level(finding.level), said=said))


@poa.command()
@click.argument("draft", type=click.Path(path_type=Path))
@click.option("--store", required=True, type=click.Path(path_type=Path))
@click.option("--as-of", default="", metavar="DAY", help="The day to answer for (2026-03-01).")
@click.option("--profile", default="", help="amazon or brief; the default is in store.toml.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")
def check(draft: Path, store: Path, as_of: str, profile: str, as_json: bool) -> None:
    """Check a draft (md, txt, docx, pdf) against the store's facts and registers."""
    from odrlib.poa import check_poa

    facts = odr.build_facts(odr.read_store(store, as_of, language=asked()), profile)
    checked = check_poa(draft, facts)
    if as_json:
        click.echo(json_text(checked.as_dict()))
        return
    click.echo(
        tr("{draft}: {statements} statements, {supported} supported, {contradicted} contradicted, "
           "{not_supported} not supported",
           draft=checked.draft, statements=len(checked.statements),
           supported=checked.count("supported"), contradicted=checked.count("contradicted"),
           not_supported=checked.count("not supported"))
    )  # fmt: skip
    for finding in checked.findings:
        click.echo(f"\n{_first_line(finding)}\n  {finding.to_do}")


def _first_line(finding: odr.Finding) -> str:
    values = {"level": said_level(finding.level), "id": finding.id, "message": finding.message}
    if finding.place:
        return tr("{level} {id}: line {line}: {message}", line=finding.place.line, **values)
    return tr("{level} {id}: {message}", **values)


def said_level(code: str) -> str:
    """The level of a finding in words."""
    return {
        "error": tr("error", context="level"),
        "warning": tr("warning", context="level"),
        "information": tr("information", context="level"),
    }[code]
