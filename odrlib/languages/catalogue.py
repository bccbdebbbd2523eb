"""Catalogue: the translations of a language, from its .po files, one for each room of odrlib."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po


@cache
def catalogue(language: str) -> dict[tuple[str, str], str]:
    """
    Context and English message of all rooms, and what to say instead.

    A message without a translation is not in it, so that English is said.
    """
    return {
        (message.context or "", _one(message.id)): _one(message.string)
        for domain in domains(language).values()
        for message in domain
        if message.id and message.string and not message.fuzzy
    }


def domains(language: str) -> dict[str, Catalog]:
    """The catalogue of each room, by the room's name."""
    folder = files("odrlib.languages").joinpath(language)
    found = {}
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".po"):
            with path.open("rb") as file:
                found[path.name.removesuffix(".po")] = read_po(file, locale=language)
    return found


def _one(text: str | tuple[str, ...] | list[str]) -> str:
    """The message, or the singular of one that has plural forms."""
    return text if isinstance(text, str) else text[0]
