"""What triage says, word for word, and what the notebook shows of it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from stores import order, orders_file
from test_smallest_reversals import solve, world
from triage_stories import AS_OF, DAY, STORIES, files_of, told

import odrlib as odr
from odrlib.chapters import contest as chapter
from odrlib.languages import speaking
from odrlib.report.show import Shown
from odrlib.triage import reversals_dict, smallest_reversals
from odrlib.words.triage import money_words, quiz_words, smallest_title, triage_title

CLAIM = ("A", "claim", "yes", "open", 5, 0)


def test_the_quiz_is_looked_for_and_never_promised():
    what = (
        "Some sellers at risk are offered a quiz of 5 questions, open for 72 hours; passing it "
        "spares the plan of action and the deactivation."
    )

    assert ("First look for a quiz banner on the Account Health page.", what) == quiz_words("look")
    assert quiz_words("offered")[0] == (
        "First take the quiz: store.toml says that its banner is on the Account Health page."
    )
    assert quiz_words("not seen")[0] == (
        "store.toml says that no quiz banner was on the Account Health page; look once more before "
        "anything is written."
    )
    assert quiz_words("too late") == (
        "The quiz is offered before a deactivation only; this account needs the appeal.",
    )
    assert () == quiz_words("not needed")


def some(*rows: tuple[str, str | None, int | None]) -> pd.DataFrame:
    """A triage table of verdict, deadline and days left."""
    table = pd.DataFrame(rows, columns=["verdict", "deadline", "days_left"])
    return table.assign(
        order_id=[f"order-{n}" for n in range(len(table))],
        kind="claim",
        deadline=pd.to_datetime(table["deadline"]),
        days_left=table["days_left"].astype("Int64"),
    )


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([], "No defect that counts in the window, or will, is told"),
        ([("not needed", None, None)], "No defect that counts in the window, or will, is told"),
        (
            [("yes", "2026-04-02", 2), ("yes", "2026-04-09", 9), ("unknown", "2026-04-01", 1),
             ("no", "2026-03-01", -30), ("not needed", None, None)],
            "2 of 4 defects can be contested today, 1 may be, 1 cannot; the first deadline is "
            "2 April 2026 (2 days left)",
        ),
        (
            [("yes", "2026-03-31", 0)],
            "1 of 1 defect can be contested today, 0 may be, 0 cannot; the first deadline is "
            "31 March 2026 (today is the last day)",
        ),
        (
            [("no", "2026-03-01", -30)],
            "0 of 1 defect can be contested today, 0 may be, 1 cannot",
        ),
    ],
)  # fmt: skip
def test_the_title_counts_what_can_be_contested(rows, title):
    assert title == triage_title(some(*rows))


@pytest.mark.parametrize(
    ("charged", "impact", "says"),
    [
        ("seller", "no", "charged to the seller, does not count in the rate"),
        ("amazon", "no", "paid by Amazon, does not count in the rate"),
        ("seller", "yes", "charged to the seller, counts in the rate"),
        (None, "yes", "counts in the rate"),
        (None, None, ""),
    ],
)
def test_money_and_rate_are_said_apart(charged, impact, says):
    assert says == money_words({"charged_to": charged, "odr_impact": impact})


@pytest.mark.parametrize(
    ("defects", "clean", "title"),
    [
        ([CLAIM], 99, "The smallest set: 1 A-to-z claim; all taken off, the rate falls from "
         "1.00% to 0.00%"),
        ([("A", "claim", "unknown", "unknown", None, 0)], 50, "The smallest set: 1 A-to-z claim, "
         "1 of them only if what is unknown turns out well; all taken off, the rate falls from "
         "1.96% to 0.00%"),
        ([CLAIM], 500, "At 0.20% nothing must be taken off to be inside the limit"),
        ([CLAIM, ("B", "claim", "no", "certain", -1, 0)], 48, "Reversals alone do not reach the "
         "limit: 2 defective orders must go, and with all that can or may be contested the rate "
         "falls from 4.00% to 2.00%"),
        ([], 0, "There are no orders in the window, so there is no rate to bring down"),
    ],
)  # fmt: skip
def test_the_smallest_set_is_said_in_one_sentence(defects, clean, title):
    assert title == smallest_title(solve(*world(defects, clean), "amazon"))


def test_what_no_file_tells_makes_the_rates_lower_bounds():
    orders, bad = world([CLAIM], 99)
    found = smallest_reversals(
        orders, bad, window=odr.Window(date(2026, 1, 16), date(2026, 3, 16)), as_of=AS_OF,
        unknown=("chargeback",),
    )  # fmt: skip

    assert "falls from at least 1.00% to at least 0.00%" in smallest_title(found)
    assert reversals_dict(found)["at_least"]


def test_the_json_of_the_smallest_set():
    found = reversals_dict(solve(*world([CLAIM], 99), "amazon"))

    assert {
        "profile": "amazon",
        "needed": 1,
        "reachable": True,
        "sure": True,
        "reason": "1 reversal: the rate goes from 1.00% (1 of 100 orders) to 0.00% (0 of 100 "
        "orders).",
        "rate": 0.01,
        "rate_after": 0.0,
        "at_least": False,
        "steps": [
            {
                "step": 1, "order_id": "A", "kind": "claim", "route": "some way",
                "verdict": "yes", "certainty": "open", "deadline": "2026-04-05", "days_left": 5,
                "leaves_on": "2026-04-01", "defective_after": 0, "rate_after": 0.0, "under": True,
            }
        ],
    } == found  # fmt: skip


# -- the chapter ---------------------------------------------------------------------------------


@pytest.fixture
def facts(tmp_path):
    """The stories as the chapter sees them."""
    store, defects, table = told(tmp_path, files_of(STORIES))
    window = odr.Window(date(2026, 1, 16), date(2026, 3, 16))
    line = SimpleNamespace(status="over")
    return SimpleNamespace(
        store=store,
        profile=odr.policy.AMAZON,
        headlines={"amazon": {"all": line}},
        triage=table,
        reversals=smallest_reversals(defects, table, window=window, as_of=AS_OF),
    )


def column(shown: Shown, name: str) -> list[str]:
    return next(one["text"] for one in shown.data["columns"] if one["name"] == name)


def test_the_notebook_shows_every_defect_with_its_way(facts):
    shown = chapter.triage(facts)

    assert len(STORIES) == shown.data["total"]
    assert {"can be contested", "may be, but a file or a look is missing", "cannot",
            "does not count"} == set(column(shown, "verdict"))  # fmt: skip
    assert "today is the last day" in column(shown, "left")
    assert "never for money" in shown.data["note"]


def test_the_notebook_shows_the_smallest_set_step_by_step(facts):
    shown = chapter.smallest_set(facts)
    steps = facts.reversals.steps

    assert smallest_title(facts.reversals) == shown.data["caption"]
    assert [str(1 + n) for n in range(len(steps))] == column(shown, "step")
    assert [f"{rate:.3%}" for rate in steps["rate_after"]] == column(shown, "rate_after")


def test_the_notebook_puts_the_quiz_first(facts):
    assert chapter.quiz(facts).text.startswith(
        "First look for a quiz banner on the Account Health page."
    )


def test_without_defect_files_nothing_is_called_healthy(tmp_path):
    """One order and no file that could tell a defect of it."""
    store, defects, table = told(tmp_path, {"exports/orders.txt": orders_file([order(1, DAY)])})
    facts = odr.build_facts(store)
    window = odr.Window(date(2026, 1, 16), date(2026, 3, 16))
    empty = SimpleNamespace(
        store=store,
        profile=facts.profile,
        headlines=facts.headlines,
        triage=table,
        reversals=smallest_reversals(defects, table, window=window, as_of=AS_OF),
    )

    assert "because no file tells a defect of any order" in chapter.triage(empty).text
    assert "The rate is at least 0.00%; whether anything must be taken off is unknown." == (
        chapter.smallest_set(empty).text
    )
    assert empty.reversals.reason.startswith("Whether anything must go is unknown: at least 0.00%")


def test_what_can_be_contested_is_said_in_chinese_with_its_day():
    rows = [("yes", "2026-04-02", 2), ("unknown", "2026-04-01", 1), ("no", "2026-03-01", -30)]
    with speaking("zh"):
        said = triage_title(some(*rows))
        money = money_words({"charged_to": "seller", "odr_impact": "no"})

    assert said == (
        "3 个缺陷中，今天可申诉 1 个，也许可以 1 个，不可申诉 1 个；"
        "最早的截止日期为 2026年4月2日（还剩 2 天）"
    )
    assert money == "由卖家承担、不计入缺陷率"
