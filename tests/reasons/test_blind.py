"""
Two labelled sets by a writer who saw no cue, full of lines that are said in unusual words.

`blind_dev.csv` was scored once before its errors were read (macro F1 0.74), and the cues were then
improved with its errors at hand: it guards against loss and says nothing about unseen texts.
`blind_test.csv` was scored once, unread, with macro F1 0.62: that is what unseen texts of this kind
get. The aim is 0.8; the bar here is what was reached.
"""

from pathlib import Path

import pandas as pd
import pytest

from odrlib.reasons import classify_reasons

HERE = Path(__file__).parent
BARS = [("blind_dev.csv", 0.9), ("blind_test.csv", 0.6)]


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
