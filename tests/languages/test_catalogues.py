"""The catalogues are in step with the sources: nothing is missing, left over or said otherwise."""

from __future__ import annotations

import re
import string
import tomllib
from functools import cache

import pytest
from babel.messages.catalog import Catalog

from odrlib.languages import LANGUAGES
from odrlib.languages.catalogue import domains
from odrlib.languages.messages import PACKAGE, Message, messages

OTHERS = [language for language in LANGUAGES if language != "en"]
ROOMS = sorted({message.room for message in messages()})
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@cache
def catalogues(language: str) -> dict[str, Catalog]:
    return domains(language)


@cache
def of_room(room: str) -> list[Message]:
    return [message for message in messages() if message.room == room]


def translated(language: str, message: Message) -> str:
    """The translation of a message, or nothing."""
    domain = catalogues(language).get(message.room)
    found = domain.get(message.text, message.context or None) if domain else None
    said = found.string if found else ""
    return said if isinstance(said, str) else said[0]


def fields(text: str) -> list[tuple[str, str, str]]:
    """The places for values in a template, with how each is formatted."""
    return sorted(
        (name, form or "", conversion or "")
        for _, name, form, conversion in string.Formatter().parse(text)
        if name is not None
    )


def in_every_language(test):
    return pytest.mark.parametrize("language", OTHERS)(test)


def in_every_room(test):
    return pytest.mark.parametrize("room", ROOMS)(test)


@in_every_language
@in_every_room
def test_no_message_is_without_a_translation(language, room):
    missing = [message.text for message in of_room(room) if not translated(language, message)]

    assert missing == []


@in_every_language
def test_no_translation_is_left_over(language):
    wanted = {(m.room, m.context, m.text) for m in messages()}
    held = {
        (room, entry.context or "", entry.id if isinstance(entry.id, str) else entry.id[0])
        for room, domain in catalogues(language).items()
        for entry in domain
        if entry.id
    }

    assert held - wanted == set()


@in_every_language
@in_every_room
def test_every_value_stands_in_the_translation_once_and_formatted_alike(language, room):
    """So no number is lost, and none is formatted a second time or otherwise."""
    otherwise = [
        (message.text, translated(language, message))
        for message in of_room(room)
        # The parts of a date stand in another order, and Chinese has numbers for months.
        if room != "notebooks" and message.context != "date" and translated(language, message)
        and fields(translated(language, message))
        != fields(message.plural or message.text)
    ]  # fmt: skip

    assert otherwise == []


@in_every_language
def test_one_message_is_said_in_one_way(language):
    said: dict[tuple[str, str], set[str]] = {}
    for message in messages():
        key = (message.context, message.text)
        said.setdefault(key, set()).add(translated(language, message))

    assert {key: ways for key, ways in said.items() if len(ways) > 1} == {}


def _terms() -> list[dict]:
    whole = tomllib.loads((PACKAGE / "languages" / "terms.toml").read_text(encoding="utf-8"))
    return list(whole["terms"].values())


@in_every_room
@pytest.mark.parametrize("term", _terms(), ids=lambda term: term["en"])
def test_a_term_of_the_field_is_called_what_seller_central_calls_it(term, room):
    if term.get("everyday") and room != "notebooks":
        return  # "expected" is more than a term of ours
    english = re.compile(rf"\b{re.escape(term['en'])}s?\b", re.IGNORECASE)
    chinese = [term["zh"], *term["also"]]
    otherwise = [
        (message.text, translated("zh", message))
        for message in of_room(room)
        if english.search(message.text) and translated("zh", message)
        and not any(name in translated("zh", message) for name in chinese)
    ]  # fmt: skip

    assert otherwise == []


def test_every_term_says_what_it_means_in_both_languages_and_who_calls_it_so():
    texts = [term[name] for term in _terms() for name in ("en", "zh", "means", "means_zh")]
    ends = {(term["means"][-1], term["means_zh"][-1]) for term in _terms()}

    assert all(texts)
    assert ends == {(".", "。")}
    assert {term["seen"] for term in _terms()} <= {"Amazon", "brief", "trade", "here"}


def test_no_two_terms_have_one_name():
    english, chinese = ([term[name] for term in _terms()] for name in ("en", "zh"))

    assert (len(english), len(chinese)) == (len(set(english)), len(set(chinese)))


@in_every_room
def test_chinese_is_written_with_chinese_marks(room):
    """A comma, stop, colon or question mark after a Chinese letter is the Chinese one."""
    latin = re.compile(r"[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]\.(?!\w)")
    wrong = [
        translated("zh", message)
        for message in of_room(room)
        if latin.search(translated("zh", message))
    ]

    assert wrong == []
