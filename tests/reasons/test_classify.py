import time
from dataclasses import fields
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.errors import BadParameter
from odrlib.reasons import STATES, THEMES, TOPICS, classify_reasons, statements
from odrlib.settings import Settings
from odrlib.store import Store

PARTS = [
    "never arrived", "not late", "ist defekt", "没收到", "壊れて", "l’article n'est pas arrivé",
    "🙂", "\u202e", "\x00", "<b>broken</b>", "&amp;", "\u200b", "İ", "ﬁne", "ß", "ｶﾞ", " ", "?",
    ",", "l'",
]  # fmt: skip


def test_the_same_rows_come_back_in_the_same_order():
    said = pd.DataFrame({"text": ["broken", "late"], "mine": [1, 2]}, index=[7, 3])
    found = classify_reasons(said)

    assert [7, 3] == found.index.tolist()
    assert [1, 2] == found["mine"].tolist()
    assert ["T-DMG", "T-LATE"] == found["primary"].tolist()


def test_lists_and_series_are_texts():
    assert ["T-LATE"] == classify_reasons(["late"])["primary"].tolist()
    assert ["T-LATE"] == classify_reasons(pd.Series(["late"]))["primary"].tolist()


@pytest.mark.parametrize("said", ["late", pd.DataFrame({"words": ["late"]})])
def test_what_is_no_list_of_texts_is_refused(said):
    with pytest.raises(BadParameter):
        classify_reasons(said)


@pytest.mark.parametrize("text", [None, "", "  ", ".", "-", "n/a", "无", "特になし"])
def test_no_text_is_never_a_theme(text):
    found = classify_reasons(pd.Series([text], dtype="str")).iloc[0]

    assert ((), "no text") == (found["themes"], found["state"])


def test_the_states_tell_praise_from_what_was_not_understood():
    found = classify_reasons(["broken", "Love it, works great", "asdf qwer", ""])

    assert list(STATES) == found["state"].tolist()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The lamp is broken", "en"),
        ("Die Lampe ist kaputt", "de"),
        ("灯坏了", "zh"),
        ("ランプが壊れた", "ja"),
        ("La lampe est cassée", "fr"),
        ("La lámpara está rota", "es"),
        ("La lampada è rotta", "it"),
        ("xyz", "unknown"),
    ],
)
def test_the_language_is_told(text, language):
    assert language == classify_reasons([text])["language"][0]


def test_the_first_theme_is_the_first_in_priority():
    found = classify_reasons(["Late, no refund, and the screws are missing"]).iloc[0]

    assert ("T-MISS", "T-REFUND", "T-LATE") == found["themes"]
    assert ("T-MISS", "DP") == (found["primary"], found["topic"])


def test_every_theme_has_a_topic_and_two_titles():
    assert {theme.topic for theme in THEMES.values()} == set(TOPICS)
    assert all(set(theme.titles) == {"en", "zh"} for theme in THEMES.values())
    assert all(theme.beside <= set(THEMES) for theme in THEMES.values())


@settings(max_examples=60)
@given(st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=8)), max_size=8).map(" ".join))
def test_a_span_cuts_the_cue_out_of_the_text_as_given(text):
    found = classify_reasons([text]).iloc[0]
    spans = (*found["spans"], *found["negated"])

    assert all(0 <= start < end <= len(text) for _, start, end in spans)
    for theme, start, end in found["spans"]:
        # A cue taken by itself says the same, but for the words that name its language.
        assert theme in THEMES
        assert text[start:end].strip() == text[start:end]


def test_a_span_is_the_cue():
    text = "Hello, the box ｃｒｕｓｈｅｄ — and it never arrived!"
    found = classify_reasons([text]).iloc[0]

    assert {"never arrived", "box ｃｒｕｓｈｅｄ", "ｃｒｕｓｈｅｄ"} >= {
        text[start:end] for _, start, end in found["spans"]
    }
    assert "never arrived" in {text[start:end] for _, start, end in found["spans"]}


@settings(max_examples=20)
@given(st.permutations(PARTS))
def test_the_rows_around_a_text_change_nothing(texts):
    alone = {text: classify_reasons([text])["themes"][0] for text in texts}

    assert [alone[text] for text in texts] == classify_reasons(texts)["themes"].tolist()


def quickest(texts, repetitions=4):
    """The least processor time that the texts take in one call."""
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        classify_reasons(texts)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize(
    "part",
    ["not ", "never received not only late but broken or ", "没收到不", "不", "a", "<", "l'",
     "壊れていませんが", "was it late, broken or damaged ", "ordered got ", "'", "\u0301"],
)  # fmt: skip
def test_a_long_text_takes_no_longer_than_its_parts(part):
    """What grows with the square of the length would take ten times as long."""
    text = (part * 20_000)[:20_000]
    # Equal texts are read once: the number makes ten of them.
    pieces = [f"{text[2_000 * k : 2_000 * (k + 1)]} {k}" for k in range(10)]
    quickest([text, *pieces], repetitions=1)

    assert quickest([text]) < 3 * quickest(pieces)


def a_store(**tables):
    given = {
        "folder": Path("store"),
        "settings": Settings(id="shop", marketplace="US"),
        "as_of": date(2026, 3, 1),
        "as_of_reason": "given",
        "readings": (),
        "findings": (),
        "performance": (),
    }
    return Store(**{field.name: (given | tables).get(field.name) for field in fields(Store)})


def test_every_source_speaks_once_and_only_the_buyer_of_the_messages():
    place = {"file": ["f.csv"], "line": [2]}
    day = pd.to_datetime(["2026-01-02"])
    store = a_store(
        claims=pd.DataFrame(
            {"order_id": ["A"], "filed_on": day, "reason": ["Package did not arrive"]} | place
        ).assign(note=pd.Series([None], dtype="str")),
        chargebacks=pd.DataFrame(
            {
                "order_id": ["B"],
                "filed_on": day,
                "reason_code": ["13.1"],
                "reason": ["not received"],
            }
            | place
        ).assign(note=pd.Series(["called twice"], dtype="str")),
        returns=pd.DataFrame(
            {"order_id": ["C"], "requested_on": day, "reason": pd.Categorical(["CR-DEFECTIVE"])}
            | {"comment": ["dead"]}
            | place
        ),
        feedback=pd.DataFrame({"order_id": ["D"], "date": day, "comment": ["late"]} | place),
        messages=pd.DataFrame(
            {
                "order_id": ["E", "E"],
                "at": pd.to_datetime(["2026-01-02 23:30", "2026-01-03 01:00"], utc=True),
                "sender": pd.Categorical(["Buyer", "seller"]),
                "text": ["Where is it?", "On its way"],
                "file": ["m.csv", "m.csv"],
                "line": [2, 3],
            }
        ),
    )
    said = statements(store)

    assert ["claims", "chargebacks", "returns", "feedback", "messages"] == said["source"].tolist()
    assert list("ABCDE") == said["order_id"].tolist()
    assert ["Package did not arrive", "13.1; not received", "CR-DEFECTIVE"] == said["code"][
        :3
    ].tolist()
    assert said["code"][3:].isna().all()
    assert ["called twice", "dead", "late", "Where is it?"] == said["text"][1:].tolist()
    assert {pd.Timestamp("2026-01-02")} == set(said["on"])


def test_a_store_without_a_word_has_no_statements():
    said = statements(a_store())

    assert 0 == len(said)
    assert 0 == len(classify_reasons(said))
