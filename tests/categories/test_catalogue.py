"""The catalogue: 27 categories, each whole, and every word of a rule known."""

from __future__ import annotations

import string

import pytest

from odrlib.categories import UNEXPLAINED, Category, categories, topic_title
from odrlib.categories.cases import NOT_WORDS, WORDS
from odrlib.categories.catalogue import CERTAINTIES, OPERATORS, data, fields, limit, precedence
from odrlib.categories.rules import ANY_THEME
from odrlib.reasons import THEMES, TOPICS

ALL = list(categories().values())
EXPLAINING = [category for category in ALL if category.id != UNEXPLAINED]


def named(category: Category) -> str:
    return category.id


def test_there_are_twenty_seven_and_the_last_is_the_unexplained():
    assert [f"R{number:02}" for number in range(1, 28)] == list(categories())
    assert UNEXPLAINED == ALL[-1].id


def test_the_precedence_names_each_category_once_and_the_unexplained_last():
    assert sorted(categories()) == sorted(precedence())
    assert UNEXPLAINED == max(precedence(), key=precedence().get)


@pytest.mark.parametrize("category", ALL, ids=named)
def test_a_category_has_its_names_and_says_what_it_rests_on(category):
    assert category.title
    assert any("\u4e00" <= letter <= "\u9fff" for letter in category.title_zh)
    assert category.basis in {"K", "brief"} or category.basis.startswith("https://")
    assert "2026-11-22" == category.checked
    assert set(category.topics) <= set(TOPICS)


@pytest.mark.parametrize("category", EXPLAINING, ids=named)
def test_a_category_has_a_topic_a_rule_evidence_and_measures_with_artefacts(category):
    assert category.topics
    assert category.ways
    assert category.evidence
    assert category.corrective
    assert category.preventive
    assert all(m.measure and m.artefact for m in (*category.corrective, *category.preventive))


@pytest.mark.parametrize("category", ALL, ids=named)
def test_a_rule_asks_only_known_fields_operators_and_themes(category):
    asked = [c for way in category.ways for c in (*way.all, *way.any)]
    asked += [*category.unless, *category.against]
    shown = [name for way in category.ways for name in way.fields]
    themes = {theme for way in category.ways for theme in way.themes} | set(category.gather_themes)

    assert {c.field for c in asked} | set(shown) <= set(fields())
    assert {c.operator for c in asked} <= set(OPERATORS)
    assert themes <= set(THEMES) | {ANY_THEME}
    assert {way.certainty for way in category.ways} <= set(CERTAINTIES)


@pytest.mark.parametrize("category", ALL, ids=named)
def test_a_condition_asks_a_field_in_the_way_of_its_type(category):
    fit = {
        "flag": {"is": bool},
        "word": {"is": str, "in": tuple},
        "number": {"over": (int, float), "under": (int, float), "between": tuple},
        "set": {"has": tuple},
    }
    asked = [c for way in category.ways for c in (*way.all, *way.any)]
    for condition in (*asked, *category.unless, *category.against):
        kinds = fit[fields()[condition.field]["type"]]

        assert isinstance(condition.value, kinds[condition.operator]), condition


@pytest.mark.parametrize("category", EXPLAINING, ids=named)
def test_what_rests_on_a_theme_alone_is_weak(category):
    for way in category.ways:
        if not way.all and not way.any:
            assert "weak" == way.certainty


@pytest.mark.parametrize("category", ALL, ids=named)
def test_complaints_gather_in_columns_that_orders_have(category):
    made = {"ship_day", "ship_week", "order_week", "weekday"}

    assert {name for names in category.gather_by for name in names} <= {*WORDS, *NOT_WORDS, *made}


def test_each_field_is_documented_and_its_phrase_has_only_known_places():
    for rule in fields().values():
        places = {name for _, name, _, _ in string.Formatter().parse(rule["phrase"]) if name}

        assert rule["meaning"]
        assert rule["type"] in {"flag", "number", "word", "set"}
        assert places <= {"value", "kind", "days", "says"}


def test_each_field_is_used_by_a_rule():
    asked = {c.field for k in ALL for c in (*k.unless, *k.against)}
    asked |= {c.field for k in ALL for way in k.ways for c in (*way.all, *way.any)}
    asked |= {name for category in ALL for way in category.ways for name in way.fields}
    asked |= {row["field"] for rule in data()["missing"] for row in rule.get("when", ())}

    assert set(fields()) == asked


def test_what_is_missing_has_a_stable_id_and_says_what_to_do():
    rules = data()["missing"]

    assert len(rules) == len({rule["id"] for rule in rules})
    assert all(rule["says"] and rule["to_do"].endswith(".") for rule in rules)
    assert {theme for rule in rules for theme in rule.get("themes", ())} <= set(THEMES)


def test_topics_have_words_and_none_is_said_to_be_none():
    assert "Customer service" != topic_title("NR")
    assert "not told" == topic_title(None)


def test_the_error_budget_is_one_in_a_hundred():
    assert 0.01 == limit("certain")
