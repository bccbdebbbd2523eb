"""Days, spans, lists and shares, as both languages write them."""

from datetime import date

import pandas as pd
import pytest

from odrlib.languages import speaking
from odrlib.languages.forms import (
    MONTHS,
    day,
    listing,
    percent,
    short_day,
    span,
    whole_percent,
)

FIRST, LAST, NEXT = date(2025, 12, 2), date(2026, 1, 30), date(2026, 3, 1)


def test_chinese_writes_the_year_first_and_says_it_once():
    with speaking("zh"):
        said = [day(LAST), short_day(LAST), span(LAST, NEXT), span(FIRST, LAST), span(LAST, LAST)]

    assert said == [
        "2026年1月30日",
        "1月30日",
        "2026年1月30日至3月1日",
        "2025年12月2日至2026年1月30日",
        "2026年1月30日",
    ]


def test_what_is_missing_is_unknown_in_both_languages():
    with speaking("zh"):
        chinese = [day(pd.NaT), percent(float("nan")), whole_percent(float("nan")), listing([])]

    assert chinese == ["未知日期", "未知", "未知", "无"]
    assert [day(pd.NaT), percent(float("nan"))] == ["an unknown day", "unknown"]


def test_a_share_is_never_a_false_nothing_or_all():
    with speaking("zh"):
        said = [whole_percent(share) for share in (0.0, 0.002, 0.447, 0.998, 1.0)]

    assert said == ["0%", "不到 1%", "45%", "超过 99%", "100%"]


def test_names_in_a_row_stand_with_the_enumeration_comma():
    with speaking("zh"):
        said = [listing(["A"]), listing(["A", "B"]), listing(list("ABCDE"), top=2)]

    assert said == ["A", "A 和 B", "A、B 和另外 3 项"]


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_has_its_name_and_its_number(month):
    moment = date(2026, month, 5)
    with speaking("zh"):
        chinese = short_day(moment)

    assert (short_day(moment), chinese) == (f"5 {MONTHS[month - 1]}", f"{month}月5日")
