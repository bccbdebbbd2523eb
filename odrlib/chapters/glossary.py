"""Glossary: the field's terms in the spoken language, each with its other name and its meaning."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import pandas as pd

from odrlib.languages import language, mark, tr
from odrlib.report import show
from odrlib.report.show import Shown

# Who calls a term so in Chinese, by its code in terms.toml.
SEEN = {
    "Amazon": mark("Seller Central"),
    "brief": mark("sellers in China"),
    "trade": mark("sellers in China"),
    "here": mark("this workbook"),
}

SHORT = (
    *("odr", "window", "lag", "limit", "lower_bound", "interval", "roll_off", "nowcast"),
    *("expected", "excess", "cause", "cleared", "category", "change"),
    *("triage", "reversal", "closed", "contradicted", "measure", "set_aside"),
)


@cache
def terms() -> dict[str, dict[str, str]]:
    """The terms by their keys, as terms.toml has them."""
    text = files("odrlib.languages").joinpath("terms.toml").read_text(encoding="utf-8")
    known: dict[str, dict[str, str]] = tomllib.loads(text)["terms"]
    return known


def short_glossary() -> Shown:
    """The terms without which a report cannot be read."""
    return glossary(*SHORT)


def glossary(*keys: str) -> Shown:
    """The terms of these keys, or all: name, name in the other language, meaning."""
    chosen = [terms()[key] for key in keys or terms()]
    mine, other, means = ("zh", "en", "means_zh") if language() == "zh" else ("en", "zh", "means")
    rows = [
        (term[mine], term[means], term[other], tr(SEEN[term["seen"]]))
        for term in sorted(chosen, key=lambda term: term["en"].casefold())
    ]
    return show.table(
        pd.DataFrame(rows, columns=["term", "means", "other", "seen"]),
        tr("Terms and what they mean"),
        labels={
            "term": tr("term"),
            "means": tr("what it means"),
            "other": tr("in English") if language() == "zh" else tr("in Chinese"),
            "seen": tr("called so in Chinese by"),
        },
        download="glossary.csv",
        rows=80,
    )
