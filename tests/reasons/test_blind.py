"""
Three labelled sets by writers who saw no cue.

`blind_dev.csv` (first scored 0.74, macro F1) and `blind_test.csv` (first scored 0.62; unusual words
on purpose) were read afterwards and the cues improved with their errors at hand: they guard against
loss and say nothing about unseen texts. `blind_third.csv`, by another writer, mostly plain
complaints, was only ever scored: 0.83 at first, 0.88 after the cues had learnt from the other two.
"""

from pathlib import Path

import pandas as pd
import pytest

from odrlib.reasons import classify_reasons

HERE = Path(__file__).parent
BARS = [("blind_dev.csv", 0.9), ("blind_test.csv", 0.8), ("blind_third.csv", 0.8)]


def macro_f1(gold, found):
    """Mean over the themes of the gold set of 2 × hits / (said + found)."""
    themes = set().union(*gold)
    scores = []
    for theme in themes:
        said = sum(theme in row for row in gold)
        named = sum(theme in row for row in found)
        both = sum(theme in a and theme in b for a, b in zip(gold, found, strict=True))
        scores.append(2 * both / (said + named))
    return sum(scores) / len(scores)


@pytest.mark.parametrize(("name", "bar"), BARS, ids=[name for name, _ in BARS])
def test_themes_are_found_in_texts_of_seven_languages(name, bar):
    lines = pd.read_csv(HERE / name, dtype="str", keep_default_na=False)
    gold = [set(row.split("|")) - {""} for row in lines["themes"]]
    found = [set(row) for row in classify_reasons(lines[["code", "text"]])["themes"]]

    assert macro_f1(gold, found) >= bar
