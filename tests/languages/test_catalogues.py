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

ALL = messages()
OTHERS = [language for language in LANGUAGES if language != "en"]
ROOMS = sorted({message.room for message in ALL})
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@cache
def catalogues(language: str) -> dict[str, Catalog]:
    return domains(language)


@cache
def of_room(room: str) -> list[Message]:
    return [message for message in ALL if message.room == room]


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
    wanted = {(m.room, m.context, m.text) for m in ALL}
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
    for message in ALL:
        key = (message.context, message.text)
        said.setdefault(key, set()).add(translated(language, message))

    assert {key: ways for key, ways in said.items() if len(ways) > 1} == {}


def _terms() -> list[dict]:
    whole = tomllib.loads((PACKAGE / "languages" / "terms.toml").read_text(encoding="utf-8"))
    return list(whole["terms"].values())


@pytest.mark.parametrize("term", _terms(), ids=lambda term: term["en"])
def test_a_term_of_the_field_is_called_what_seller_central_calls_it(term):
    # "expected" is more than a term of ours.
    rooms = ["notebooks"] if term.get("everyday") else ROOMS
    english = re.compile(rf"\b{re.escape(term['en'])}s?\b", re.IGNORECASE)
    chinese = [term["zh"], *term["also"]]
    otherwise = [
        (message.room, message.text, translated("zh", message))
        for message in ALL
        if message.room in rooms
        and english.search(message.text) and translated("zh", message)
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


HAN = r"[\u4e00-\u9fff]"
SLIPS = {
    "a Latin mark after a Chinese letter": rf"{HAN}[,;:?!]|{HAN}\.(?!\w)",
    "a Latin bracket or quote at a Chinese letter": rf"{HAN}[(\"']|[)\"']{HAN}",
    "a space at a Chinese mark": r"(?<!`) [，。：；？！、）]|[，。：；？！、（] +(?=\S)",
    "a mark twice": r"[，。：；、]{2}|。[，；：、]",
    "a word twice": r"的的|个个|了了|是是|在在",
    "a counted noun without its noun": r"\} 个的(?!\w)",
    "no space between a Chinese letter and a Latin one": rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}",
    "another name of ours": "|".join(
        (
            "差评",
            "负面评级",
            "承运商",
            "物流商",
            "订单号",
            "妥投",
            "超出限值",
            "在限值内",
            "无需",
            "被搁置",
            "成本台账",
        )
    ),
}
# Notebooks hold Markdown and code, whose marks are their own.
OWN_MARKS = {"notebooks"}
# Commands and code.
AS_WRITTEN = re.compile(r"`[^`]*` ?")


@pytest.mark.parametrize("slip", SLIPS)
def test_chinese_is_written_as_an_editor_would_have_it(slip):
    wrong = re.compile(SLIPS[slip])
    found = [
        (message.room, translated("zh", message))
        for message in ALL
        if message.context not in ("date", "axis")
        and (message.room not in OWN_MARKS or slip == "another name of ours")
        and wrong.search(AS_WRITTEN.sub("", translated("zh", message)))
    ]

    assert found == []


def test_no_sentence_is_left_in_english():
    """Four English words in a row are a sentence, unless they name a page, a report or a file."""
    english = re.compile(r"(?:\b[a-z]{2,} ){3}[a-z]{2,}\b")
    found = [
        (message.room, translated("zh", message))
        for message in ALL
        if english.search(re.sub(r"`[^`]*`", "", translated("zh", message)))
    ]

    assert found == []
