"""
Languages: which one sentences are said in, and how a sentence is looked up in it.

Every text a person reads goes through `tr` or `trn`: the English template is the message id, as
gettext has it, and the catalogues lie in `<language>/<room>.po`. Values are put into the template
after it is translated, so a translation can move them, and each number is formatted once, in the
template. Codes, keys, column names of files and what a file itself says are never translated.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from odrlib.errors import BadParameter

LANGUAGES = {"en": "English", "zh": "简体中文"}
HTML_LANGUAGES = {"en": "en", "zh": "zh-Hans"}

_spoken = "en"


def language() -> str:
    """The language that is spoken now: "en" or "zh"."""
    return _spoken


def speak(wanted: str) -> None:
    """
    Say everything from here on in this language.

    Raises BadParameter for a language without a catalogue.
    """
    global _spoken
    if wanted not in LANGUAGES:
        raise BadParameter(
            tr("no language {wanted!r}; choose one of {known}",
               wanted=wanted, known=", ".join(LANGUAGES))
        )  # fmt: skip
    _spoken = wanted


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Say what is said inside in this language, and afterwards in the one from before."""
    before = _spoken
    speak(wanted)
    try:
        yield
    finally:
        speak(before)


def tr(message: str, /, *, context: str = "", **values: Any) -> str:
    """
    A message in the spoken language, with its values put in.

    Parameters
    ----------
    message : the English template, a literal, or a text that `mark` or a catalogued TOML file named
    context : tells two messages apart that are one word in English ("read", a verb or a participle)
    values : what stands for each `{name}` in the template; without any, braces are plain letters

    >>> tr("{name} has {orders:,} orders", name="Ada", orders=1204)
    'Ada has 1,204 orders'
    """
    said = message if _spoken == "en" else _catalogue().get((context, message), message)
    return said.format(**values) if values else said


def trn(one: str, many: str, number: float, /, *, context: str = "", **values: Any) -> str:
    """
    A message whose form follows a number, which stands in it as `{n}`.

    >>> trn("{n:,} order", "{n:,} orders", 1), trn("{n:,} order", "{n:,} orders", 1204)
    ('1 order', '1,204 orders')
    """
    english = one if number == 1 else many
    # Chinese has one form; the catalogue keeps it under the singular, as gettext does.
    said = english if _spoken == "en" else _catalogue().get((context, one), english)
    return said.format(n=number, **values)


def mark(message: str, /, *, context: str = "") -> str:
    """
    The message as it is: it names a text for the catalogues that `tr` translates where it is used.

    For constants, which are made before anybody knows the language. `tr` names the same context.
    """
    return message


def sentences(*said: str) -> str:
    """
    Sentences in a row, empty ones left out; Chinese needs no space between them.

    >>> sentences("All is well.", "", "Nothing is missing.")
    'All is well. Nothing is missing.'
    """
    return ("" if _spoken == "zh" else " ").join(part for part in said if part)


def _catalogue() -> dict[tuple[str, str], str]:
    from odrlib.languages.catalogue import catalogue

    return catalogue(_spoken)
