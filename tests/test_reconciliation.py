from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odrlib.errors import BadParameter
from odrlib.exports.performance import Performance
from odrlib.languages import speaking
from odrlib.policy import KINDS
from odrlib.rates import Window
from odrlib.reconciliation import reconcile

MAY = Window(date(2026, 5, 1), date(2026, 5, 31))


def orders_on(days, **columns):
    """One order for each ISO day; a column is a list, or one value for all."""
    frame = pd.DataFrame(
        {
            "order_id": [f"{day}-{place}" for place, day in enumerate(days)],
            "day": pd.Series(days, dtype="datetime64[us]"),
        }
    )
    for name, value in ({"channel": "mfn"} | columns).items():
        frame[name] = pd.Series(value if isinstance(value, list) else [value] * len(days))
    for name in ("cancelled", "multi_channel", *KINDS):
        frame[name] = frame.get(name, pd.Series(False, index=frame.index)).astype(bool)
    return frame.astype({"channel": "category", "order_id": "str"}).assign(
        counts=~frame["cancelled"] & ~frame["multi_channel"],
        arrived_on=pd.Series(columns.get("arrived_on"), frame.index, dtype="datetime64[us]"),
    )


def tables(orders, kinds=KINDS):
    """The defects table, and the orders it came from."""
    defects = orders[orders["counts"]].reset_index(drop=True)
    dropped = [kind for kind in KINDS if kind not in kinds]
    return (
        defects.drop(columns=dropped).assign(
            defective=defects[list(kinds)].any(axis="columns"),
            defects=defects[list(kinds)].sum(axis="columns").astype("int64"),
        ),
        orders,
    )


def amazon(orders=None, defective=None, window=MAY, channel="all", marketplace="US", **more):
    return Performance(
        "v2.json", marketplace, channel, window.first, window.last, orders, defective, **more
    )


def compare(orders, row, kinds=KINDS, **more):
    (found,) = reconcile(*tables(orders, kinds), [row], window=MAY, **more)
    return found


def codes(found):
    return [finding.id for finding in found.findings]


EVERY_DAY = pd.date_range("2026-04-01", "2026-06-30").strftime("%Y-%m-%d").tolist()


def test_equal_counts_agree():
    orders = orders_on(EVERY_DAY, claim=[day == "2026-05-31" for day in EVERY_DAY])

    found = compare(orders, amazon(31, 1))

    assert found.agrees
    assert codes(found) == ["reconcile-agrees"]
    assert found.findings[0].message == (
        "Our counts are Amazon's for all channels, 2026-05-01 to 2026-05-31 (31 days): "
        "31 orders, 1 defective order."
    )
    assert found.candidates.empty


def test_a_cancelled_order_explains_an_order_we_lack():
    """Amazon counts 31 orders in May; the 31st is the one that was cancelled on the 10th."""
    orders = orders_on(EVERY_DAY, cancelled=[day == "2026-05-10" for day in EVERY_DAY])

    found = compare(orders, amazon(31, 0))

    assert found.difference["orders"] == -1
    cancelled = found.candidates.query("reason == 'cancelled'")
    assert cancelled["day"].tolist() == [pd.Timestamp("2026-05-10")]
    assert set(found.candidates["reason"]) == {"cancelled", "one day outside the range"}


def test_too_many_orders_are_sought_at_the_ends_of_the_range():
    found = compare(orders_on(EVERY_DAY), amazon(30, 0))

    assert found.difference["orders"] == 1
    assert found.candidates["day"].dt.day.tolist() == [1, 31]
    assert codes(found) == ["reconcile-orders-differ"]


def test_the_shift_that_fits_is_found():
    """Amazon's 31 days were really 2 days earlier: 40 orders on 29 April belong to them."""
    days = EVERY_DAY + ["2026-04-29"] * 39
    orders = orders_on(days, claim=[day == "2026-04-29" for day in days])

    found = compare(orders, amazon(70, 40))

    assert found.shift == -2
    assert found.shifted == {"orders": 70, "defective": 40}
    assert found.findings[-1].message == (
        "Moved 2 days earlier (2026-04-29 to 2026-05-29 (31 days)), our files fit best: "
        "70 orders (Amazon: 70) and 40 defective orders (Amazon: 40)."
    )


def test_a_shift_that_hardly_helps_is_not_spoken_of():
    """The best of all shifts still lacks 68 of the 69 orders: that explains nothing."""
    days = [*EVERY_DAY, "2026-06-01"]

    found = compare(orders_on(days), amazon(100, 0))

    assert found.shift == 1
    assert found.shifted == {"orders": 32, "defective": 0}
    assert codes(found) == ["reconcile-orders-differ"]


def test_a_shift_to_days_we_have_no_orders_of_is_not_spoken_of():
    """Moved past the end of our files, any window has fewer orders."""
    found = compare(orders_on(EVERY_DAY), amazon(15, 0), shifts=range(60))

    assert found.shift == 46
    assert codes(found) == ["reconcile-orders-differ"]


def test_equal_fits_take_the_smallest_shift_and_then_the_earlier():
    """An order in the middle of May is left out 16 days earlier and 16 days later."""
    found = compare(orders_on(["2026-05-16"]), amazon(0, 0))

    assert found.shift == -16


def test_a_defect_that_policy_takes_off_explains_one_we_lack():
    orders = orders_on(EVERY_DAY)
    denied = orders.loc[orders["day"] == "2026-05-20", "order_id"].item()
    too_old = orders.loc[orders["day"] == "2026-04-20", "order_id"].item()
    off = pd.DataFrame({"order_id": [denied, too_old], "kind": "claim", "why": "denied"})

    found = compare(orders, amazon(31, 1), not_counted=off)

    (row,) = found.candidates.to_dict("records")
    assert (row["order_id"], row["kind"], row["reason"]) == (denied, "claim", "denied")
    assert codes(found) == ["reconcile-defects-differ"]
    assert found.findings[0].to_do == (
        "Look among these for the difference: 1 defect that is not counted here (denied)."
    )
    assert found.findings[0].order_ids == (denied,)


def test_a_defect_of_an_order_in_no_file_explains_one_we_lack():
    """One is known to be of April, one of May, and one may be of any day."""
    lost = pd.DataFrame(
        {
            "order_id": ["april", "may", "some day"],
            "kind": "chargeback",
            "ordered_on": pd.to_datetime(["2026-04-30", "2026-05-01", None]),
        }
    )

    found = compare(orders_on(EVERY_DAY), amazon(31, 2), without_order=lost)

    assert found.candidates["order_id"].tolist() == ["may", "some day"]


def test_a_defect_too_many_is_one_that_we_count_and_first_one_that_came_late():
    """Two claims by our files and one by Amazon: one arrived when Amazon's range had ended."""
    claim = [day in ("2026-05-10", "2026-05-12") for day in EVERY_DAY]
    arrived = [{"2026-05-10": "2026-05-20", "2026-05-12": "2026-06-01"}.get(d) for d in EVERY_DAY]
    orders = orders_on(EVERY_DAY, claim=claim, arrived_on=arrived)

    found = compare(orders, amazon(31, 1, claims=1))

    reasons = found.candidates.set_index(found.candidates["day"].dt.day)["reason"]
    assert reasons.to_dict() == {12: "arrived after the range ended", 10: "counted by us"}


def test_only_the_kinds_with_too_many_are_suspected():
    orders = orders_on(
        EVERY_DAY,
        claim=[day == "2026-05-10" for day in EVERY_DAY],
        chargeback=[day == "2026-05-12" for day in EVERY_DAY],
    )

    found = compare(orders, amazon(31, 1, claims=1, chargebacks=0))

    assert found.candidates["kind"].tolist() == ["chargeback"]


def test_each_kind_is_compared_even_where_the_sums_agree():
    orders = orders_on(EVERY_DAY, claim=[day == "2026-05-01" for day in EVERY_DAY])

    found = compare(orders, amazon(31, 1, claims=0, chargebacks=1))

    assert not found.agrees
    assert found.difference["claim"] == 1
    assert found.difference["chargeback"] == -1
    assert found.difference["negative_feedback"] is None
    assert "1 claim by our files, 0 by Amazon" in found.findings[0].message


def test_a_kind_that_no_file_tells_is_no_difference_of_zero():
    found = compare(orders_on(EVERY_DAY), amazon(31, 2, chargebacks=2), kinds=("claim",))

    assert found.ours["chargeback"] is None
    assert found.difference["chargeback"] is None
    assert "Our files do not tell chargebacks and negative ratings." in found.findings[0].message


def test_without_any_known_kind_only_the_orders_are_compared():
    found = compare(orders_on(EVERY_DAY), amazon(31, 2), kinds=())

    assert found.ours["defective"] is None
    assert found.agrees
    assert found.findings[0].message.endswith(": 31 orders.")


def test_only_the_channel_of_the_figure_is_compared():
    channel = ["afn" if day.startswith("2026-05-1") else "mfn" for day in EVERY_DAY]
    orders = orders_on(EVERY_DAY, channel=channel)

    rows = reconcile(
        *tables(orders), [amazon(21, 0, channel="mfn"), amazon(10, 0, channel="afn")], window=MAY
    )

    assert [row.agrees for row in rows] == [True, True]


def test_an_order_of_unknown_channel_may_be_of_the_channel():
    channel = [None if day == "2026-05-10" else "mfn" for day in EVERY_DAY]

    found = compare(orders_on(EVERY_DAY, channel=channel), amazon(31, 0, channel="mfn"))

    assert "channel unknown" in set(found.candidates["reason"])


def test_a_multi_channel_order_is_kept_apart():
    multi = [day == "2026-05-10" for day in EVERY_DAY]

    found = compare(orders_on(EVERY_DAY, multi_channel=multi), amazon(31, 0))

    assert "multi-channel" in set(found.candidates["reason"])


def test_defective_orders_are_worked_out_of_an_exact_rate_only():
    """0.0064516… of 31 is no count; 1/31 is 1."""
    orders = orders_on(EVERY_DAY)

    assert compare(orders, amazon(31, rate=1 / 31)).theirs["defective"] == 1
    assert compare(orders, amazon(31, rate=0.0323)).theirs["defective"] is None
    assert compare(orders, amazon(31, rate=0)).theirs["defective"] == 0


def test_amazons_own_example_contradicts_itself():
    """Its rate says 0.9 %, its counts 0.2 %."""
    found = compare(orders_on(EVERY_DAY), amazon(539_000, 1_078, rate=0.009))

    assert found.findings[-1].id == "reconcile-rate-odd"
    assert "0.20% (1,078 of 539,000 orders)" in found.findings[-1].message


def test_days_we_have_no_orders_of_are_said():
    found = compare(orders_on(["2026-05-10", "2026-05-20"]), amazon(2, 0))

    assert codes(found) == ["reconcile-agrees", "reconcile-not-covered"]


def test_figures_without_counts_and_of_other_marketplaces_are_left_out():
    rows = [amazon(), amazon(1, 0, marketplace="DE"), amazon(31, 0)]

    found = reconcile(*tables(orders_on(EVERY_DAY)), rows, window=MAY, marketplace="US")

    assert [row.theirs["orders"] for row in found] == [31]


def test_a_figure_without_days_is_taken_for_our_window():
    row = Performance("store.toml", "US", "all", None, None, 31, 0)
    end_only = Performance("store.toml", "US", "all", None, date(2026, 6, 1), 31, 0)

    assert compare(orders_on(EVERY_DAY), row).window == MAY
    assert compare(orders_on(EVERY_DAY), end_only).window == Window.ending(date(2026, 6, 1), 31)


def test_without_an_orders_file_nothing_is_compared():
    defects, _ = tables(orders_on([]))

    (found,) = reconcile(defects, None, [amazon(31, 0)], window=MAY)

    assert not found.agrees
    assert codes(found) == ["reconcile-no-orders"]


def test_no_shifts_are_no_comparison():
    with pytest.raises(BadParameter):
        reconcile(*tables(orders_on([])), [], window=MAY, shifts=())


days = st.lists(st.dates(date(2024, 2, 20), date(2024, 3, 10)).map(str), max_size=25)


@settings(max_examples=60)
@given(days, st.integers(0, 12), st.integers(0, 3), st.integers(1, 9), st.data())
def test_the_best_shift_is_the_best_of_trying_each(order_days, theirs, bad, length, data):
    flags = data.draw(st.lists(st.booleans(), min_size=len(order_days), max_size=len(order_days)))
    orders = orders_on(order_days, claim=flags)
    window = Window.ending(date(2024, 3, 1), length)

    def gap(shift):
        moved = window.shifted(shift)
        inside = [
            flag
            for day, flag in zip(order_days, flags, strict=True)
            if moved.first <= date.fromisoformat(day) <= moved.last
        ]
        return abs(len(inside) - theirs), abs(sum(inside) - bad), abs(shift), shift

    found = compare(orders, amazon(theirs, bad, window), shifts=range(-8, 9))

    assert found.shift == min(range(-8, 9), key=gap)


@settings(max_examples=60)
@given(days, st.integers(-3, 3))
def test_our_own_counts_of_a_moved_window_are_agreed_with(order_days, shift):
    """Told our own counts, the comparison agrees; told those of another cut, it fits that well."""
    orders = orders_on(order_days)
    window = Window(date(2024, 2, 25), date(2024, 3, 3))
    moved = window.shifted(shift)
    count = sum(moved.first <= date.fromisoformat(day) <= moved.last for day in order_days)

    found = compare(orders, amazon(count, 0, window))

    assert found.shifted["orders"] == count
    assert found.agrees == (found.shift == 0)
    assert abs(found.shift) <= abs(shift)
    assert found.window.first - timedelta(days=1) <= min(
        (day.date() for day in found.candidates["day"]), default=found.window.first
    )


def test_a_difference_is_said_in_chinese_with_what_could_explain_it():
    orders = orders_on(EVERY_DAY, cancelled=[day == "2026-05-10" for day in EVERY_DAY])
    with speaking("zh"):
        found = compare(orders, amazon(31, 0)).findings[0]

    assert (found.message, found.to_do) == (
        "全部渠道，2026-05-01 至 2026-05-31（31 天）：我方文件为 30 个订单，亚马逊为 31。",
        "请在以下范围中查找差异：前一天或后一天的 2 个订单、此处未计入的 1 个已取消订单。",
    )
