"""docs/commands.md, written from the help of every command, in English."""

from __future__ import annotations

from collections.abc import Iterator

import click

from odrlib.cli import commands
from odrlib.languages import speaking

HEAD = """\
# The commands

`odr` after `pip install`, `python3 run.py odr` in a checkout.
`odr COMMAND --help` says the same, in the language of `--lang` or `ODR_LANG`.
Exit codes: 0 done, 1 the run failed, 2 bad usage or input, 3 done but some stores failed.

This page is written from the code by a test.
"""


def page() -> str:
    """The whole page."""
    with speaking("en"):
        return HEAD + "".join(_section(context) for context in _all(commands, None, "odr"))


def _all(
    command: click.Command, parent: click.Context | None, name: str
) -> Iterator[click.Context]:
    """Contexts of a command and of those below it, by name."""
    # A set width: the page must not depend on the terminal that writes it.
    context = command.make_context(
        name, [], parent=parent, resilient_parsing=True, terminal_width=100
    )
    yield context
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            one = command.get_command(context, below)
            if one is not None and not one.hidden:
                yield from _all(one, context, below)


def _section(context: click.Context) -> str:
    return f"\n## `{context.command_path}`\n\n```\n{context.get_help()}\n```\n"
