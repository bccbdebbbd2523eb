"""
Bring the catalogues in step with the sources: `python -m odrlib.languages [ROOM...]`.

New messages come in without a translation, messages that no source has any more go. What is said
is how many still want a translation.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from odrlib.languages import LANGUAGES
from odrlib.languages.catalogue import domains
from odrlib.languages.messages import PACKAGE, Message, messages

NOISE = (
    *(f'"{key}' for key in ("POT-Creation-Date", "PO-Revision-Date", "Generated-By")),
    *(f'"{key}' for key in ("Last-Translator", "Language-Team", "Report-Msgid-Bugs-To")),
    *('"Project-Id-Version', "#\n", "# "),
)


def renewed(old: Catalog | None, wanted: list[Message], language: str) -> Catalog:
    """The catalogue of one room with exactly the wanted messages and the translations so far."""
    new = Catalog(locale=language, fuzzy=False)
    for message in wanted:
        before = old.get(message.text, message.context or None) if old else None
        plural = bool(message.plural)
        kept = before.string if before else ""
        if plural != isinstance(kept, (tuple, list)):
            kept = ("",) if plural else ""
        new.add(
            (message.text, message.plural) if plural else message.text,
            kept,
            locations=[(message.place, 0)],
            context=message.context or None,
        )
    return new


def write(path: Path, catalogue: Catalog) -> None:
    """Write a .po file that differs from the one before only where its messages do."""
    with open(path, "wb") as file:
        write_po(file, catalogue, width=100, omit_header=False, include_lineno=False)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    # Dates and tool versions would make every run a change.
    kept = [line for line in lines if not line.startswith(NOISE)]
    path.write_text("".join(kept), encoding="utf-8", newline="\n")


def main(rooms: list[str]) -> None:
    """Renew the catalogues of these rooms, or of all."""
    wanted: dict[str, list[Message]] = {}
    for message in messages():
        wanted.setdefault(message.room, []).append(message)
    for language in LANGUAGES:
        if language == "en":
            continue
        old = domains(language)
        for room in rooms or sorted({*wanted, *old}):
            path = PACKAGE / "languages" / language / f"{room}.po"
            if room not in wanted:
                path.unlink(missing_ok=True)
                continue
            new = renewed(old.get(room), wanted[room], language)
            write(path, new)
            missing = sum(not any(_forms(message.string)) for message in new if message.id)
            sys.stdout.write(f"{language}/{room}.po: {len(new)} messages, {missing} missing\n")


def _forms(string: str | Sequence[str] | None) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ())


if __name__ == "__main__":
    main(sys.argv[1:])
