"""Cues: the words by which a plan's language, headings, labels and claims are known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from odrlib.poa.language import ANALYST, CODES, Term, catalogue, language

ALL = (*CODES, ANALYST)
# So large a share of a text are the commonest words of its language at least.
LEAST = 0.08
# Letters of Chinese and Japanese, for character classes.
CJK = r"\u3040-\u30ff\u3400-\u9fff"
PARTS = ("cause", "other", "corrective", "preventive", "root")
# Under these nothing of the body follows: a cause named there is a title of the appendix.
ENDS_BODY = re.compile(
    r"appendix|annex|anlage|anhang|annexe|allegat|anexo|別紙|付録|附录|附件|index|索引|verzeichnis|indice|índice",
    re.IGNORECASE,
)
COLUMNS = ("order_id", "day", "kinds", "sku", "asin", "carrier", "remedy", "files", "file",
           "class", "dated", "belongs")  # fmt: skip
# Other headings that people give to these columns, compared without case.
MORE_COLUMNS = {
    "order id": "order_id", "order": "order_id", "order number": "order_id",
    "amazon order id": "order_id",
    "ordered": "day", "ordered on": "day", "date of order": "day", "order day": "day", "date": "",
    "bestellung": "order_id", "bestell-id": "order_id", "bestellt am": "day", "注文id": "order_id",
    "订单编号": "order_id", "下单日": "day", "defect type": "kinds", "refund date": "remedy",
    "refunded": "remedy", "erstattung": "remedy", "返金": "remedy",
}  # fmt: skip


@dataclass(frozen=True)
class Cues:
    """The cues of one language, with the headings of all of them."""

    code: str
    table: dict[str, Any]

    @property
    def abbreviations(self) -> frozenset[str]:
        """Words whose point ends no sentence."""
        return frozenset(self.table["abbreviations"])

    def heading(self, text: str) -> str:
        """What a heading announces: "cause", a part, "other", or ""."""
        plain = text.strip().strip("*").rstrip(":：").strip()
        for part in PARTS:
            if any(pattern.search(plain) for pattern in _parts(part)):
                return part
        return ""

    def ends_body(self, text: str) -> bool:
        """Does the heading open the appendix?"""
        return bool(ENDS_BODY.match(re.sub(r"^[\W\d]+", "", text)))

    def label_part(self, text: str) -> str:
        """The part that a paragraph names before a colon: "Corrective action: …"."""
        label = re.match(r"\s*\*{0,2}([^:：.。\n]{3,60})\*{0,2}[:：]", text)
        if not label:
            return ""
        said = self.heading(label[1])
        return said if said in ("corrective", "preventive", "root") else ""

    def column(self, text: str) -> str:
        """What a column's heading says it holds; "" if nothing known."""
        return _columns().get(text.replace("\u200b", "").strip().strip("*").casefold(), "")

    def label(self, name: str, text: str) -> re.Match[str] | None:
        """A line such as "Store: …" or "Date: …", with `value` matched."""
        return _label(name).match(text)

    def says(self, name: str, text: str) -> re.Match[str] | None:
        """The first match of one of the lists of this language."""
        return _list(self.code, name).search(text)

    def all(self, name: str, text: str) -> list[re.Match[str]]:
        """Every match of one of the lists of this language."""
        return [*_list(self.code, name).finditer(text)]

    def future(self, text: str) -> re.Match[str] | None:
        """The first word that puts a sentence into the future."""
        return _tense(self.code, "future").search(text)

    def since(self, text: str) -> bool:
        """Does the sentence speak of what has held from a day on?"""
        return bool(_tense(self.code, "since").search(text))

    @property
    def nouns(self) -> re.Pattern[str]:
        """What a number may count, each noun as a group of its name."""
        return _nouns(self.code)

    @property
    def numbers(self) -> dict[str, int]:
        """Number words, from two on: "one" is too often no number."""
        words = self.table["numbers"].split()
        return {word: value for value, word in enumerate(words) if value > 1}


@cache
def cues(code: str) -> Cues:
    """The cues of a language."""
    return Cues(code, catalogue(f"cues/{code}"))


@cache
def _parts(part: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_bounded(catalogue(f"cues/{code}")["parts"][part], code) for code in ALL)


def _bounded(pattern: str, code: str) -> re.Pattern[str]:
    """The pattern at the beginning of words, where words have beginnings."""
    whole = f"(?:{pattern})" if code in ("ja", "zh") else rf"\b(?:{pattern})"
    return re.compile(whole, re.IGNORECASE)


@cache
def _columns() -> dict[str, str]:
    known = {
        language(code).write(Term("column", name)).casefold(): name
        for code in ALL
        for name in COLUMNS
    }
    return known | MORE_COLUMNS


@cache
def _label(name: str) -> re.Pattern[str]:
    whole = "|".join(f"(?:{catalogue(f'cues/{code}')['labels'][name]})" for code in ALL)
    return re.compile(
        rf"\s*\*{{0,2}}(?:{whole})\s*\*{{0,2}}\s*[:：]\*{{0,2}}\s*(?P<value>\S.*)", re.IGNORECASE
    )


@cache
def _list(code: str, name: str) -> re.Pattern[str]:
    return re.compile(catalogue(f"cues/{code}")["lists"][name], re.IGNORECASE)


@cache
def _tense(code: str, name: str) -> re.Pattern[str]:
    return re.compile(catalogue(f"cues/{code}")["tense"][name], re.IGNORECASE)


@cache
def _nouns(code: str) -> re.Pattern[str]:
    table = catalogue(f"cues/{code}")["nouns"]
    edge = "" if code in ("ja", "zh") else r"\b"
    # Of nouns that begin at one place the longest pattern should win: the specific come first.
    whole = "|".join(f"(?P<{name}>{edge}(?:{pattern}){edge})" for name, pattern in table.items())
    return re.compile(whole, re.IGNORECASE)


def language_of(text: str) -> str:
    """
    The language of a text; "" if it says too little.

    >>> language_of("We have sent the orders to the buyers with our own records")
    'en'
    >>> language_of("店舗の設定を変更しました"), language_of("我们已经修改了设置")
    ('ja', 'zh')
    """
    shares = language_shares(text)
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] >= LEAST else ""


def language_shares(text: str) -> dict[str, float]:
    """Per language the share (0-1) of the text's words, or letters, that are known as its own."""
    letters = [sign for sign in text if sign.isalpha()]
    kana = sum("\u3040" <= sign <= "\u30ff" for sign in letters)
    han = sum("\u3400" <= sign <= "\u9fff" for sign in letters)
    asian = (kana + han) / len(letters) if letters else 0.0
    if asian > 0.2:
        japanese = kana >= 0.1 * (kana + han)
        return dict.fromkeys(ALL, 0.0) | {"ja" if japanese else "zh": asian}
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if len(words) < 2:
        return dict.fromkeys(ALL, 0.0)
    return {code: sum(word in _common(code) for word in words) / len(words) for code in ALL}


@cache
def _common(code: str) -> frozenset[str]:
    return frozenset(catalogue(f"cues/{code}")["common"].split())
