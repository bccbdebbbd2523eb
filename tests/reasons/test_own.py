"""Our own sentences in four languages. The cues were tuned on them: a guard against loss only."""

from pathlib import Path

import pandas as pd
import pytest

from odrlib.reasons import classify_reasons

from .test_blind import macro_f1

HERE = Path(__file__).parent


@pytest.mark.parametrize("language", ["de", "fr", "es", "it"])
def test_plain_sentences_of_buyers_keep_their_themes(language):
    lines = pd.read_csv(HERE / f"own_{language}.csv", dtype="str", keep_default_na=False)
    gold = [set(row.split("|")) - {""} for row in lines["themes"]]
    found = [set(row) for row in classify_reasons(lines[["code", "text"]])["themes"]]

    assert macro_f1(gold, found) >= 0.9
