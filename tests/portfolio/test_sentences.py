"""What the page says of a store, word for word, in both languages."""

from datetime import timedelta

from odrlib.languages import speaking
from odrlib.portfolio import Failure, note_failures, portfolio
from odrlib.portfolio import sentences as said
from tests.portfolio.little_facts import (
    MORNING,
    UNKNOWN,
    cause,
    channel,
    deadline,
    defect,
    forecast,
    over,
    report,
)

SOON = forecast("breach", breach_on="2026-03-12", earliest="2026-03-06", latest="2026-04-02")


def found(out):
    return portfolio(out, now=MORNING)


def morning(out):
    """Five stores: over, failed, unknown, near and calm."""
    report(out, "loud", amazon={"all": over()}, causes=[cause({"carrier": "Hermes"})],
           triage=[deadline("1", "2026-03-02"), deadline("2", "2026-03-02")])  # fmt: skip
    report(out, "blind", amazon={"all": UNKNOWN})
    report(out, "near", amazon={"all": channel(spare=1)}, ahead=SOON)
    report(out, "calm", amazon={"all": channel(spare=20)})
    at = (MORNING + timedelta(hours=1)).isoformat(timespec="seconds")
    note_failures(out, [Failure("new", "New", "it broke", at)])
    return found(out)


def test_the_first_line_has_the_counts(tmp_path):
    shown = morning(tmp_path)

    assert (
        "1 of 5 stores is over the limit, 1 is near it, 2 cannot be judged, "
        "2 deadlines fall within 7 days, 1 report could not be made." == said.headline(shown)
    )
    with speaking("zh"):
        assert (
            "5 家店铺中有 1 家超过限值，1 家接近限值，2 家无法判断，7 天内有 2 个期限到期，"
            "1 份报告未能生成。" == said.headline(shown)
        )


def test_a_quiet_morning_is_said_as_one(tmp_path):
    report(tmp_path, "calm", amazon={"all": channel(spare=20)})

    assert (
        "None of 1 store is known to be over the limit, 0 deadlines fall within 7 days."
        == said.headline(found(tmp_path))
    )
    assert [] == said.calls(found(tmp_path))


def test_whom_to_call_and_why(tmp_path):
    shown = morning(tmp_path)

    assert [
        ("Store loud", "2.00% by Amazon's rule; largest cause: carrier Hermes"),
        ("New", "the report could not be made: it broke"),
        ("Store blind", "whether it is inside the limit cannot be told"),
        ("Store near", "1 spare defect"),
    ] == [(one["name"], one["said"]) for one in said.calls(shown)]


def test_two_of_a_kind_on_a_day_are_one_line(tmp_path):
    shown = morning(tmp_path)

    assert ["2 × A-to-z answer: 2 March, today"] == [one["said"] for one in said.due_soon(shown)]
    with speaking("zh"):
        assert ["A-to-z 索赔答复 × 2：3月2日，今天"] == [
            one["said"] for one in said.due_soon(shown)
        ]


def test_a_forecast_is_said_with_its_range(tmp_path):
    report(tmp_path, "near", amazon={"all": channel(spare=3)}, ahead=SOON)
    (row,) = found(tmp_path).rows

    assert [
        "3 spare defects",
        "at this pace over on 12 March, in 10 days",
        "80% range: 6 March to 2 April 2026",
    ] == said.room(row)
    with speaking("zh"):
        assert [
            "还可承受 3 个缺陷",
            "按此速度，3月12日超过限值，即 10 天后",
            "80% 范围：2026年3月6日至4月2日",
        ] == said.room(row)


def test_a_forecast_that_cannot_be_made_says_why(tmp_path):
    report(tmp_path, "a", ahead=forecast("unknown", why="arrival-days-not-told"))
    (row,) = found(tmp_path).rows

    assert "forecast unknown: no file tells when the defects arrived" == said.room(row)[1]


def test_what_changed_is_said_the_worst_first(tmp_path):
    report(tmp_path, "a", "2026-02-28", defects=[defect("1")], amazon={"all": channel(1000, 9)})
    report(tmp_path, "a", amazon={"all": over(1000, 11)}, causes=[cause({"sku": "KETTLE"})],
           defects=[defect("1"), defect("2"), defect("3", kind="negative_feedback")])  # fmt: skip
    (row,) = found(tmp_path).rows

    assert [
        "Amazon's rule: under → over",
        "0.90% (9 of 1,000) → 1.10% (11 of 1,000)",
        "2 new defective orders (1 A-to-z claim and 1 negative rating)",
        "new largest cause: SKU KETTLE",
    ] == said.changed(row)


def test_old_data_and_missing_files_are_said(tmp_path):
    report(tmp_path, "a", "2026-02-01",
           quality=[{"id": "missing-chargebacks", "level": "warning"},
                    {"id": "missing-odr-list", "level": "warning"}])  # fmt: skip
    (row,) = found(tmp_path).rows

    assert ["The data end on 1 February 2026, 29 days ago; then: under."] == said.doubts(row)
    assert ["missing: chargebacks and the order defect download"] == said.data(row)["lines"]


def test_alerts_are_lines_for_a_log(tmp_path):
    shown = morning(tmp_path)

    assert [
        "odr: loud: over the limit",
        "odr: new: its report could not be made",
        "odr: blind: it cannot be judged",
        "odr: near: 1 spare defect left",
        "odr: near: at this pace over the limit in 10 days",
    ] == said.alert_lines(shown)


def test_a_channel_that_is_worse_than_the_total_is_said_beside_it(tmp_path):
    report(tmp_path, "a", amazon={"all": over(1000, 12), "mfn": over(400, 11)})
    (row,) = found(tmp_path).rows

    assert ["1.20% by Amazon's rule", "FBM (mfn) 2.75% by Amazon's rule"] == said.over_by(row)
    assert ["12 of 1,000 orders", "FBM (mfn): 2.75%"] == said.part(row, "amazon")["counts"]
