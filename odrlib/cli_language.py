"""
The language of the commands: `--lang`, help texts and click's own words.

Every command takes `--lang`; it is a word about how to speak, not about what to do, so that no
command has it among its arguments: `asked()` tells it. Without it a command with a store speaks as
its store.toml says, and every other one as the variable ODR_LANG says, else English. Docstrings and
`help=` texts stay English in the sources and are translated when they are printed.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import click
from click import _textwrap, core, decorators, exceptions, formatting, parser, types

from odrlib.languages import LANGUAGES, language, mark, speak, tr
from odrlib.settings import language_of

VARIABLE = "ODR_LANG"
_ASKED = "odrlib.language"
HELP = mark("Show this message and exit.")
# Words of click that a person of ours may meet; click looks them up when it prints them.
CLICK = (
    mark("Usage:"),
    mark("Options"),
    mark("Commands"),
    mark("Positional arguments"),
    HELP,
    mark("Show the version and exit."),
    mark("Error: {message}"),
    mark("Try '{command} {option}' for help."),
    mark("Missing command."),
    mark("Missing argument"),
    mark("Missing option"),
    mark("Missing parameter"),
    mark("No such option {name!r}."),
    mark("No such command {name!r}."),
    mark("Invalid value: {message}"),
    mark("Invalid value for {param_hint}: {message}"),
    mark("{value!r} is not a valid {number_type}."),
    mark("Option {name!r} does not take a value."),
    mark("{value!r} is not {choice}."),
    mark("{value!r} is not one of {choices}."),
    mark("Did you mean {possibility}?"),
    mark("(Did you mean one of: {possibilities}?)"),
    mark("Got unexpected extra argument ({args})"),
    mark("Got unexpected extra arguments ({args})"),
    mark("Option {name!r} requires an argument."),
    mark("Aborted!"),
    mark("default: {default}"),
    mark("required"),
)
# What stands for a value on the line of usage.
METAVARS = (
    *(mark("[OPTIONS]"), mark("COMMAND [ARGS]..."), mark("STORE"), mark("STORES..."), mark("CASE")),
    *(mark("FOLDER"), mark("FILE"), mark("DRAFT"), mark("NOTICE"), mark("TITLE"), mark("DAY")),
    *(mark("TEXT"), mark("PATH"), mark("INTEGER"), mark("FLOAT"), mark("WHAT"), mark("COMMITMENT")),
    *(mark("ARTEFACT"), mark("COLUMN"), mark("VALUE"), mark("[FOLDER]")),
)


def _many(one: str, many: str, number: int) -> str:
    """A message that click has in two forms."""
    return tr(one if number == 1 else many)


def _width(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese letter takes two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in click.unstyle(text))


# click asks gettext's one global domain, which is no library's to fill, and takes every letter for
# one column; these are the same doors.
for _module in (core, decorators, exceptions, formatting, parser, types, _textwrap):
    for _name, _ours in (("_", tr), ("ngettext", _many), ("term_len", _width)):
        if hasattr(_module, _name):
            setattr(_module, _name, _ours)


def asked() -> str:
    """What `--lang` says on this command line; empty if it is not there."""
    context = click.get_current_context(silent=True)
    return context.meta.get(_ASKED, "") if context else ""


def language_of_line(arguments: Sequence[str]) -> str:
    """The language to begin in: `--lang` wherever it stands, else ODR_LANG, else English."""
    words = [*arguments, ""]
    named = [words[at + 1] for at, word in enumerate(arguments) if word == "--lang"]
    named += [word.removeprefix("--lang=") for word in arguments if word.startswith("--lang=")]
    named.append(os.environ.get(VARIABLE, ""))
    return next((one for one in named if one in LANGUAGES), "en")


def _ask(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value:
        ctx.meta[_ASKED] = value
        speak(value)


class Formatter(click.HelpFormatter):
    """click's formatter, with the colon of the language after a heading."""

    def write_heading(self, heading: str) -> None:
        """The line over a group of options or commands."""
        indent = " " * self.current_indent
        self.write(f"{indent}{tr('{heading}:', heading=heading)}\n")


class Context(click.Context):
    """click's context, with our formatter."""

    formatter_class = Formatter


class Command(click.Command):
    """A command that takes `--lang`, and whose help is said in the spoken language."""

    context_class = Context

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # Here and not on the topmost group: click makes the option once, for its first caller.
        self.context_settings = {"help_option_names": ["-h", "--help"], **self.context_settings}
        self._in: dict[str, list[click.Parameter]] = {}
        self.params.append(
            click.Option(
                ["--lang"],
                type=click.Choice(list(LANGUAGES)),
                metavar="LANG",
                is_eager=True,
                expose_value=False,
                callback=_ask,
                help=mark("The language to speak, en or zh; default: the store's, else ODR_LANG."),
            )
        )

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option `--help`, in English as in the sources: `get_params` translates it."""
        option = super().get_help_option(ctx)
        # click makes it once, in whatever language is spoken then.
        if option is not None:
            option.help = HELP
        return option

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Its parameters, with their texts in the spoken language."""
        # Kept, because click compares parameters as objects.
        if language() not in self._in:
            self._in[language()] = [_said(param, ctx) for param in super().get_params(ctx)]
        return self._in[language()]

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The parts of the line of usage."""
        return [tr(piece) for piece in super().collect_usage_pieces(ctx)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The docstring of the command."""
        said = copy.copy(self)
        said.help = tr(self.help or "")
        super(Command, said).format_help_text(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence of the docstring; in English as much of it as click gives."""
        if language() == "en":
            return super().get_short_help_str(limit)
        return tr(self.help or "").partition("。")[0]

    def invoke(self, ctx: click.Context) -> Any:
        """Speak as asked, else as the store does, and do what the command does."""
        store = ctx.params.get("store") or next(iter(ctx.params.get("stores") or ()), None)
        speak(asked() or (language_of(Path(store)) if store else "") or language())
        return super().invoke(ctx)


class Group(Command, click.Group):
    """A group of commands that all take `--lang`."""

    command_class = Command
    group_class = type


def _said(param: click.Parameter, ctx: click.Context) -> click.Parameter:
    """The parameter with its texts in the spoken language."""
    said = copy.copy(param)
    if isinstance(param, click.Option) and param.help:
        said.help = tr(param.help)
    if not (isinstance(param, click.Option) and param.is_flag):
        said.metavar = tr(param.make_metavar(ctx))
    return said
