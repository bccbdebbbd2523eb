"""
The lexicon: the cues of all languages in one automaton.

Each language is one file under `cues/`. Beside the cues of the themes it holds words of grammar:
what denies, what only seems to deny, what ends a clause, what makes a sentence a question.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from odrlib.errors import BadParameter
from odrlib.reasons.automaton import Automaton, Network
from odrlib.reasons.syntax import Cues, Forms
from odrlib.reasons.themes import FLAGS, THEMES, data
from odrlib.reasons.tokens import Spelling, latin, pieces

# Shorter words are other words without their dots: "würden" (would), "wurden" (were).
_LONG = 8
LANGUAGES = ("en", "zh", "de", "ja", "fr", "es", "it")
GRAMMAR = (
    "denies", "denied_after", "no_denial", "clause", "list", "supposed",
    "asks", "asks_why", "service", "praise", "means_nothing", "no_text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Label:
    """
    What a cue says.

    Parameters
    ----------
    use : "theme" or one of `GRAMMAR`
    theme, flag : for a theme, its id, and the finer reading or ""
    language : whose cue it is
    loose : the cue has gaps
    """

    use: str
    theme: str
    flag: str
    language: str
    loose: bool


@dataclass(frozen=True, slots=True)
class Language:
    """
    How a language denies and asks.

    Parameters
    ----------
    reach : a word that denies may stand up to so many tokens before the cue, less one
    concord : two denials are one ("non è mai arrivato"), not none
    asks_at : "start" or "end" of a sentence is where a question shows
    joints : particles that may end a cue and begin what denies it ("傷も" + "もない")
    """

    code: str
    reach: int
    concord: bool
    asks_at: str
    joints: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """
    All cues, ready to be walked.

    Parameters
    ----------
    automaton : walks a text; it tells a `Label` for each cue
    spelling : how words are compared
    languages : how each language denies and asks
    common : word -> the languages in which it is common
    denying : the single words that deny
    """

    automaton: Automaton
    spelling: Spelling
    languages: dict[str, Language]
    common: dict[str, tuple[str, ...]]
    denying: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The cues of all languages; built once."""
    files = {code: data(f"cues/{code}") for code in LANGUAGES}
    spelling, network = _spelling(files), Network()
    with _collecting_nothing():
        for code, file in files.items():
            cues = Cues(network, _forms(spelling, code), file.get("words", {}))
            for label, cue in _cues(code, file):
                cues.add(cue, label)
    return Lexicon(
        automaton=Automaton(network),
        spelling=spelling,
        languages={
            code: Language(
                code, file["reach"], file["concord"], file["asks_at"], frozenset(file["joints"])
            )
            for code, file in files.items()
        },
        common=_common(files),
        denying=_denying(files, spelling),
    )


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """All that is made here stays: looking through it for garbage, again and again, costs more."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _cues(code: str, file: dict[str, Any]) -> Iterator[tuple[Label, str]]:
    """Each cue of a file with what it says; one cue a line."""
    for use, lines in file["grammar"].items():
        if use not in GRAMMAR:
            raise BadParameter(f"cues/{code}.toml: unknown use {use!r} under [grammar]")
        for cue in lines.split("\n"):
            if cue.strip():
                yield Label(use, "", "", code, _loose(cue)), cue.strip()
    for name, lines in file["themes"].items():
        theme, _, flag = name.partition("/")
        if theme not in THEMES or (flag and FLAGS.get(flag, {}).get("theme") != theme):
            raise BadParameter(f"cues/{code}.toml: unknown theme {name!r}")
        for cue in lines.split("\n"):
            if cue.strip():
                yield Label("theme", theme, flag, code, _loose(cue)), cue.strip()


def _loose(cue: str) -> bool:
    return ".." in cue or "~" in cue


def _denying(files: dict[str, dict[str, Any]], spelling: Spelling) -> frozenset[str]:
    """The single words that deny: a narrow gap never passes them."""
    found = set()
    for code, file in files.items():
        forms = _forms(spelling, code)
        for cue in file["grammar"].get("denies", "").split("\n"):
            tokens = forms(cue) if "(" not in cue else []
            if len(tokens) == 1:
                found.update(tokens[0])
    return frozenset(found)


def _spelling(files: dict[str, dict[str, Any]]) -> Spelling:
    """Misspellings put right in every language at once; characters of traditional Chinese too."""
    pairs = files["zh"]["traditional"].split()
    words = {
        latin(wrong): latin(right)
        for file in files.values()
        for right, wrongs in file.get("spellings", {}).items()
        for wrong in wrongs.split()
    }
    return Spelling({ord(pair[0]): pair[1] for pair in pairs}, words)


def _common(files: dict[str, dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Each common word with the languages in which it is one."""
    found: dict[str, tuple[str, ...]] = {}
    for code, file in files.items():
        for word in dict.fromkeys(file.get("common", "").split()):
            form = latin(word)
            if code not in found.get(form, ()):
                found[form] = (*found.get(form, ()), code)
    return found


def _forms(spelling: Spelling, code: str) -> Forms:
    """Letters -> for each token the forms it may have; long German words also without dots."""
    bare = str.maketrans("äöüÄÖÜ", "aouAOU")

    form = cache(spelling.form)

    def forms(letters: str) -> list[list[str]]:
        if letters.isascii() and letters.isalpha():  # most are one plain word
            return [[spelling.form("word", letters)]]
        found = []
        for kind, raw, _, _ in pieces(letters):
            spelt = [form(kind, raw)]
            if code == "de" and len(raw) >= _LONG:
                spelt.append(form(kind, raw.translate(bare)))
            found.append([*dict.fromkeys(spelt)])
        return found

    return forms
