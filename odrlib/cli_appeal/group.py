"""The group `odr appeal`, the arguments its commands share, and how they print."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from odrlib.cli_language import Group
from odrlib.cli_poa import said_level
from odrlib.harmless import json_text
from odrlib.languages import sentences, tr

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


def each_of(stores: Iterable[Path], ask: Callable[[Path], Any]) -> list[Any]:
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


def leave(stores: tuple[Path, ...], answers: list[Any]) -> None:
    if len(answers) < len(stores):
        sys.exit(SOME_FAILED)


def print_json(value: Any) -> None:
    click.echo(json_text(value))


def say(findings: Iterable[Any]) -> None:
    for finding in findings:
        said = sentences(finding.message, finding.to_do)
        click.echo(tr("{level}: {said}", level=said_level(finding.level), said=said))
