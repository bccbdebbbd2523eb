"""The make-believe American store: what was planted gets its category, and all sums are exact."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from odrlib import build_facts, read_store
from odrlib.categories import categorise, category_counts, cause_topics, records_of
from odrlib.demo import write_demo
from odrlib.facts import Facts
from odrlib.policy import KINDS
from odrlib.reasons import classify_reasons, order_reasons, statements


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder, stores=["us-fbm"])
    return folder


@pytest.fixture(scope="module")
def facts(folder: Path) -> Facts:
    return build_facts(read_store(folder / "us-fbm"))


@pytest.fixture(scope="module")
def categorised(facts: Facts) -> pd.DataFrame:
    said = order_reasons(classify_reasons(statements(facts.store)))
    return categorise(
        facts.inside, said, records_of(facts.store, facts.causes, facts.verdicts["amazon"])
    )


def test_the_counts_are_those_of_the_truth(folder, categorised):
    truth = json.loads((folder / "truth.json").read_text("utf-8"))["stores"]["us-fbm"]
    told = truth["profiles"]["amazon"]["all"]
    counts = category_counts(categorised)

    assert [told["claims"], told["chargebacks"], told["negative_feedback"]] == [
        counts[kind].sum() for kind in KINDS
    ]
    assert told["defective"] == counts["orders"].sum()


@pytest.mark.parametrize(
    ("column", "value", "category"),
    [("carrier", "China Post", "R01"), ("sku", "KB-CHOP-02", "R08")],
)
def test_planted_causes_get_their_category(facts, categorised, column, value, category):
    """Nine in ten of the defects there come from the cause; the rest would be there anyway."""
    slice_ = facts.inside.loc[facts.inside[column].eq(value), "order_id"]
    mine = categorised[categorised["order_id"].isin(slice_)]

    assert mine["category"].eq(category).mean() > 0.8
    assert mine.loc[mine["category"].eq(category), "certainty"].eq("strong").mean() > 0.9


def test_causes_carry_their_topics(facts, categorised):
    causes, table = cause_topics(facts.causes, categorised)

    assert ["NR", "DQ"] == [cause.topic for cause in causes]
    assert ["R01", "R08"] == table.drop_duplicates("rank")["category"].tolist()


def test_no_text_of_a_buyer_is_in_the_answer(facts, categorised):
    comments = facts.store.feedback["comment"].dropna().unique()
    text = categorised.to_csv()

    assert not [comment for comment in comments if len(comment) > 3 and comment in text]
