"""
Languages: which one sentences are said in, and how a sentence is looked up in it.

Every text a person reads goes through `tr` or `trn`: the English template is the message id, as
gettext has it, and the catalogues lie in `<language>/<room>.po`. Values are put into the template
after it is translated, so a translation can move them, and each number is formatted once, in the
template. Codes, keys, column names of files and what a file itself says are never translated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from string import Formatter
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
    if not values:
        return said
    # The parts of a date stand close: 2026年3月1日.
    return said.format(**values) if _spoken == "en" or context == "date" else _set(said, values)


def trn(one: str, many: str, number: float, /, *, context: str = "", **values: Any) -> str:
    """
    A message whose form follows a number, which stands in it as `{n}`.

    >>> trn("{n:,} order", "{n:,} orders", 1), trn("{n:,} order", "{n:,} orders", 1204)
    ('1 order', '1,204 orders')
    """
    english = one if number == 1 else many
    # Chinese has one form; the catalogue keeps it under the singular, as gettext does.
    said = english if _spoken == "en" else _catalogue().get((context, one), english)
    told = {"n": number, **values}
    return said.format(**told) if _spoken == "en" else _set(said, told)


def mark(message: str, /, *, context: str = "") -> str:
    """
    The message as it is: it names a text for the catalogues that `tr` translates where it is used.

    For constants, which are made before anybody knows the language. `tr` names the same context.
    """
    return message


def worded(code: str, words: Mapping[str, str], *, context: str = "") -> str:
    """
    A code in the reader's words, which `mark` named; one that has none stays as it is.

    >>> worded("due", {"due": mark("due now", context="doc")}, context="doc"), worded("x", {})
    ('due now', 'x')
    """
    return tr(words[code], context=context) if code in words else code


def sentences(*said: str) -> str:
    """
    Sentences in a row, empty ones left out; Chinese needs no space between them.

    >>> sentences("All is well.", "", "Nothing is missing.")
    'All is well. Nothing is missing.'
    """
    return ("" if _spoken == "zh" else " ").join(part for part in said if part)


def _set(template: str, values: Mapping[str, Any]) -> str:
    """
    The template with its values, and a space where a Chinese letter meets a Latin one or a digit.

    Only at the edge of a value: whether a value begins with one, no template can know.
    """
    written = Formatter()
    text = ""
    for literal, name, form, conversion in written.parse(template):
        text += _gap(text, literal) + literal
        if name is not None:
            value = written.convert_field(written.get_field(name, (), values)[0], conversion)
            said = written.format_field(value, form or "")
            text += _gap(text, said) + said
    return text


def _gap(before: str, after: str) -> str:
    """The space between two texts in a row, or nothing."""
    if not before or not after:
        return ""
    left, right = before[-1], after[0]
    meets = (_is_chinese(left) and _is_latin(right)) or (
        (_is_latin(left) or left == "%") and _is_chinese(right)
    )
    return " " if meets else ""


def _is_chinese(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff"


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _catalogue() -> dict[tuple[str, str], str]:
    from odrlib.languages.catalogue import catalogue

    return catalogue(_spoken)
