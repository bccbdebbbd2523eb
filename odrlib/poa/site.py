"""Site: the right store, language, terms and currency, and the papers that a category needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from odrlib.finding import Finding
from odrlib.languages import language, tr
from odrlib.poa.blocks import BLANK
from odrlib.poa.cues import CJK, language_shares
from odrlib.poa.fitting import word_or_sign
from odrlib.poa.language import catalogue
from odrlib.poa.passages import Passage
from odrlib.policy import MARKETPLACES

if TYPE_CHECKING:
    from odrlib.poa.check import Reading

# So many words, or Chinese and Japanese letters, before the language of a passage is judged.
WORDS, HAN = 8, 16
# So large a share of common words makes a passage another language's.
FOREIGN = 0.25
# So many letters that only Chinese has tell it from Japanese.
OWN = 3


def site_findings(reading: Reading) -> Iterator[Finding]:
    """What belongs to another store or site."""
    yield from _store(reading)
    yield from _siblings(reading)
    yield from _sites(reading)
    yield from _language(reading)
    yield from _terms(reading)
    yield from _currency(reading)
    yield from _papers(reading)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _store(reading: Reading) -> Iterator[Finding]:
    """The lines that name the store must name this one, and one of its names must be there."""
    settings = reading.known.store.settings
    own = {"store": [settings.name, settings.id], "store_id": [settings.id],
           "seller_id": [settings.seller_id]}  # fmt: skip
    for one in reading.passages:
        for label, names in own.items():
            match = reading.cues.label(label, one.text)
            names = [_plain(name) for name in names if name]
            if not match or not names:
                continue
            value = _plain(match["value"])
            if not any(name in value for name in names):
                yield Finding(
                    "poa-wrong-store",
                    "error",
                    tr(
                        "The plan is for {value!r}, not for {store!r}.",
                        value=match["value"].strip(),
                        store=settings.title,
                    ),
                    tr("Write this store's name and id as Seller Central shows them."),
                    reading.place(one, match.start("value"), match["value"].strip()),
                )
    text = _plain(reading.text)
    names = [name for name in (settings.name, settings.id, settings.seller_id) if name]
    if not any(_plain(name) in text for name in names):
        yield Finding(
            "poa-store-not-named",
            "warning",
            tr("The plan does not name the store {store!r}.", store=settings.title),
            tr("Write the store's name and id at its head."),
        )


def _siblings(reading: Reading) -> Iterator[Finding]:
    """Names and ids of the other stores anywhere in the plan."""
    settings = reading.known.store.settings
    mine = {_plain(name) for name in (settings.name, settings.id, settings.seller_id) if name}
    shortest = catalogue("limits")["similarity"]["own_name"]
    for other in reading.known.siblings:
        for name in (other.name, other.id, other.seller_id):
            if len(name) < shortest or _plain(name) in mine:
                continue
            for passage, start in _places(reading, name):
                yield Finding(
                    "poa-other-store-named",
                    "error",
                    tr("The plan names the store {store} ({name!r}).", store=other.id, name=name),
                    tr("Take it out: nothing of another store belongs here."),
                    reading.place(passage, start, name),
                )


def _places(reading: Reading, name: str) -> Iterator[tuple[Passage, int]]:
    pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
    for passage in reading.passages:
        for match in pattern.finditer(passage.text):
            yield passage, match.start()


def _sites(reading: Reading) -> Iterator[Finding]:
    """Another marketplace's address."""
    mine = MARKETPLACES[reading.known.store.settings.marketplace]["site"].casefold()
    for passage in reading.passages:
        for match in re.finditer(
            r"\bamazon\.(?:co\.|com\.)?[a-z]{2,3}\b", passage.text, re.IGNORECASE
        ):
            if match[0].casefold() != mine:
                yield Finding(
                    "poa-other-site",
                    "error",
                    tr("{site} is not the site of this store, {mine}.", site=match[0], mine=mine),
                    tr("Write one plan for one site."),
                    reading.place(passage, match.start(), match[0]),
                )


def _language(reading: Reading) -> Iterator[Finding]:
    marketplace = reading.known.store.settings.marketplace
    accepted = catalogue("sites")["site"][marketplace]["accepted"]
    code = reading.cues.code
    if code not in accepted:
        yield Finding(
            "poa-wrong-language",
            "error",
            tr(
                "The plan is in {code!r}; {marketplace} reads {languages}.",
                code=code,
                marketplace=marketplace,
                languages=_either(accepted),
            ),
            tr("Write it in the site's language."),
        )
    for one in reading.passages:
        if one.kind in ("row", "head", "heading") or BLANK.search(one.text):
            continue
        said = _foreign(_without_quotes(reading, one.text), code)
        if said:
            yield Finding(
                "poa-mixed-language",
                "warning",
                tr("A passage is in {said!r} while the plan is in {code!r}.", said=said, code=code),
                tr("Translate it, or take it out."),
                reading.place(one, 0, one.text.strip()[:80]),
            )


def _either(codes: list[str]) -> str:
    return ("或" if language() == "zh" else " or ").join(codes)


def _foreign(text: str, code: str) -> str:
    """The language of a passage that is surely not the plan's; "" if it may be the plan's."""
    words = re.findall(r"[^\W\d_]+", text)
    shares = language_shares(text)
    best = max(shares, key=lambda name: shares[name])
    han = len(re.findall(f"[{CJK}]", text))
    if best in ("ja", "zh"):
        # Japanese may do without kana for a line; names may be Chinese in any plan.
        chinese = sum(sign in catalogue("cues/zh")["own"] for sign in text)
        sure = best == "ja" or code != "ja" or chinese >= OWN
        return best if best != code and han >= HAN and sure else ""
    # Neighbours share many small words, so the other language must be clearly ahead.
    ahead = shares[best] >= FOREIGN and shares[best] >= 3 * shares[code]
    return best if best != code and len(words) >= WORDS and ahead else ""


def _without_quotes(reading: Reading, text: str) -> str:
    """Without what the ledgers themselves say, and the store's name: those keep their language."""
    events = reading.known.store.events
    said = [] if events is None else [str(what) for what in events["what"].dropna()]
    for measure in reading.known.measures:
        said += [measure.what, measure.owner, measure.frequency, measure.threshold, measure.setting]
    for name in sorted((*said, reading.known.store.settings.name), key=len, reverse=True):
        if len(name) > 2:
            text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    return text


def _terms(reading: Reading) -> Iterator[Finding]:
    """Seller Central's terms of another language."""
    terms = catalogue("sites")["terms"]
    own = terms.get(reading.cues.code, [])
    for code, names in terms.items():
        if code == reading.cues.code or (code == "en" and reading.cues.code in ("ja", "zh")):
            continue
        for name in names:
            # "Chargeback" and the like are used by several.
            if any(name in mine or mine in name for mine in own):
                continue
            for passage, start in (
                _places(reading, name) if name.isascii() else _parts(reading, name)
            ):
                yield Finding(
                    "poa-term-of-another-site",
                    "warning",
                    tr("{name!r} is a term of another language's Seller Central.", name=name),
                    tr("Use the terms of this site."),
                    reading.place(passage, start, name),
                )


def _parts(reading: Reading, name: str) -> Iterator[tuple[Passage, int]]:
    for passage in reading.passages:
        start = passage.text.casefold().find(name)
        if start >= 0:
            yield passage, start


def _currency(reading: Reading) -> Iterator[Finding]:
    """Money of another site, beside a number."""
    mine = MARKETPLACES[reading.known.store.settings.marketplace]["currency"]
    used = _currencies_of(reading) | {mine}
    for currency, signs in catalogue("sites")["currency"].items():
        if currency in used:
            continue
        for sign in signs:
            whole = word_or_sign(sign)
            pattern = re.compile(rf"{whole}\s?\d|\d\s?{whole}", re.IGNORECASE)
            for passage in reading.passages:
                match = pattern.search(passage.text)
                if match:
                    yield Finding(
                        "poa-wrong-currency",
                        "error",
                        tr(
                            "{amount!r} is not money of this site ({currency}).",
                            amount=match[0].strip(),
                            currency=mine,
                        ),
                        tr("Write amounts in the site's currency, as the records have them."),
                        reading.place(passage, match.start(), match[0].strip()),
                    )


def _currencies_of(reading: Reading) -> set[str]:
    """The currencies in which the store's own costs are recorded."""
    costs = reading.known.store.costs
    return set() if costs is None else {str(name) for name in costs["currency"].dropna()}


def _papers(reading: Reading) -> Iterator[Finding]:
    """Further documents that the store's categories need."""
    mine = " ".join(reading.known.store.settings.categories).casefold()
    for row in catalogue("papers")["paper"]:
        if not any(name in mine for name in row["category"]):
            continue
        if re.search(rf"(?<![a-z])(?:{row['mentions']})(?![a-z])", reading.text, re.IGNORECASE):
            continue
        yield Finding(
            "poa-category-paper",
            "warning",
            tr(
                "The store sells in a category of kind {kind!r}; the plan names no paper for it.",
                kind=row["id"],
            ),
            tr("Attach {paper}.", paper=tr(row["attach"])),
        )
