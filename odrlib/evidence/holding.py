"""Holding: each file of an order's folder, with the use that ledger, name or text tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from odrlib.evidence import rules
from odrlib.evidence.case import Held, Lost
from odrlib.evidence.cell import Fault
from odrlib.evidence.ledgers import Entry
from odrlib.evidence.opening import Content
from odrlib.evidence.shows import Shows
from odrlib.languages import tr

_LONG = 5  # a word of so many letters counts inside a longer one ("deliveryproof")


def said_by(code: str) -> str:
    """What told the use of a file, in words: "ledger", "its name", "its text", or nothing."""
    return {
        "ledger": tr("ledger", context="told by"),
        "its name": tr("its name"),
        "its text": tr("its text"),
    }.get(code, code)


def held_files(
    contents: Sequence[Content], entries: Iterable[Entry], faults: Mapping[str, Fault]
) -> tuple[tuple[Held, ...], tuple[Lost, ...]]:
    """
    The files of one order's folder with their use, and the files that a ledger names in vain.

    Parameters
    ----------
    contents : the files; `entries` : what ledgers name, in order of trust
    faults : path inside the store -> why the file is not the order's own
    """
    named: dict[str, Entry] = {}
    lost: dict[str, Lost] = {}
    for entry in entries:
        name = None if entry.outside else _found(entry.name, contents)
        if name is None:
            lost.setdefault(entry.name, Lost(entry.name, entry.class_, entry.place, entry.outside))
        elif name not in named or (not named[name].class_ and entry.class_):
            named[name] = entry
    held = tuple(
        _held(content, named.get(content.piece.name), faults.get(content.piece.file))
        for content in contents
    )
    return held, tuple(lost.values())


def _found(name: str, contents: Sequence[Content]) -> str | None:
    """The file that a ledger means: by its path, without regard to case, or by its bare name."""
    names = [content.piece.name for content in contents]
    if name in names:
        return name
    for key in (str.casefold, lambda path: path.rsplit("/", 1)[-1].casefold()):
        fitting = [one for one in names if key(one) == key(name)]
        if len(fitting) == 1:
            return fitting[0]
    return None


def _held(content: Content, entry: Entry | None, fault: Fault | None) -> Held:
    if entry is not None and entry.class_:
        return Held(content, entry.class_, "ledger", entry.place, entry.dated, entry.said, fault)
    class_ = class_of_name(content.piece.name)
    by = "its name" if class_ else "its text"
    class_ = class_ or class_of_text(content.shows, content.kind)
    place, dated, said = (entry.place, entry.dated, entry.said) if entry else (None, None, "")
    return Held(content, class_, by if class_ else "", place, dated, said, fault)


def class_of_name(name: str) -> str:
    """
    The class that a file name tells; "" if it tells none, or two.

    >>> class_of_name("POD_1Z999.pdf"), class_of_name("refund-2.png"), class_of_name("IMG_1.jpg")
    ('logistics', 'remedy', '')
    >>> class_of_name("DeliveryProof.pdf"), class_of_name("退款截图.png"), class_of_name("a.eml")
    ('logistics', 'remedy', 'communication')
    """
    if name.casefold().endswith((".eml", ".msg")):
        return "communication"
    plain = rules.plain(name.rsplit(".", 1)[0])
    return _one(plain, "name") or _one(plain, "name_alone")


def _one(name: str, table: str) -> str:
    """The only class that has a word in the name."""
    tokens = set(re.findall(r"[^\W\d_]+", name))
    found = [
        class_
        for class_, words in rules.data("cues")[table].items()
        if any(
            word in tokens or ((len(word) >= _LONG or not word.isascii()) and word in name)
            for word in map(rules.plain, words)
        )
    ]
    return found[0] if len(found) == 1 else ""


def class_of_text(shows: Shows, kind: str) -> str:
    """The class that a text tells, by what it shows; "" if it shows nothing of the kind."""
    if kind == "mail" or len({turn.who for turn in shows.turns}) >= 2:
        return "communication"
    if shows.delivered or shows.signed or shows.labelled or shows.statement:
        return "logistics"
    return "remedy" if shows.refunded else ""
