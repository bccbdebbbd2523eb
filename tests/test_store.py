import json
from datetime import date

import pandas as pd
import pytest
from stores import ALL_ORDERS, feedback_file, make_store, odr_file, order, order_id, orders_file

import odrlib as odr
from odrlib.checks import check_tables
from odrlib.errors import BadParameter, BadStore


def read(folder, **options):
    return odr.read_store(folder, today=date(2026, 11, 1), **options)


def ids(store):
    return {finding.id for finding in check_tables(store)}


def test_the_newest_row_of_an_order_wins_whatever_the_files_are_called(tmp_path):
    old = order(1, "2026-03-01", order_status="Pending", item_price="")
    new = order(1, "2026-03-01", last_updated_date="2026-03-05T00:00:00+00:00")
    files = {"exports/z-january.txt": orders_file([old]), "exports/a-march.txt": orders_file([new])}
    store = read(make_store(tmp_path, files))

    assert [("Shipped", 20.0)] == list(
        store.orders[["status", "value"]].itertuples(index=False, name=None)
    )


def test_a_later_cancellation_takes_the_order_out(tmp_path):
    first = order(1, "2026-03-01")
    later = order(
        1, "2026-03-01", last_updated_date="2026-03-09T00:00:00+00:00", order_status="Cancelled"
    )
    files = {"exports/1.txt": orders_file([first]), "exports/2.txt": orders_file([later])}
    store = read(make_store(tmp_path, files))

    assert [True] == store.orders["cancelled"].tolist()
    assert [False] == store.orders["counts"].tolist()


def test_reading_the_same_file_twice_changes_nothing(tmp_path):
    rows = orders_file(
        [
            order(1, "2026-03-01"),
            order(2, "2026-03-02"),
            order(2, "2026-03-02", sku="LID", order_item_id="9"),
        ]
    )
    once = read(make_store(tmp_path / "once", {"exports/a.txt": rows}))
    twice = read(make_store(tmp_path / "twice", {"exports/a.txt": rows, "exports/b.txt": rows}))

    pd.testing.assert_frame_equal(
        once.orders.drop(columns="file"), twice.orders.drop(columns="file")
    )
    assert len(once.order_items) == len(twice.order_items) == 3


def test_a_file_without_item_ids_matches_one_with_them(tmp_path):
    bare = [column for column in ALL_ORDERS if column != "order-item-id"]
    old = [order(1, "2026-03-01"), order(1, "2026-03-01", sku="LID")]
    new = [{**row, "order-item-id": str(n)} for n, row in enumerate(old)]
    files = {"exports/old.txt": orders_file(old, bare), "exports/new.txt": orders_file(new)}
    store = read(make_store(tmp_path, files))

    assert 2 == len(store.order_items)
    assert [2] == store.orders["skus"].tolist()


def test_the_main_item_is_the_dearest(tmp_path):
    rows = [
        order(1, "2026-03-01", sku="LID", item_price="3.0", quantity="2", order_item_id="1"),
        order(1, "2026-03-01", sku="POT", item_price="30.0", order_item_id="2"),
    ]
    store = read(make_store(tmp_path, {"exports/a.txt": orders_file(rows)}))
    main = store.orders.iloc[0]

    assert ("POT", 2, 3, 33.0) == (main["sku"], main["skus"], main["quantity"], main["value"])


def test_multi_channel_orders_are_kept_apart_and_said_so(tmp_path):
    rows = [
        order(1, "2026-03-01"),
        order("S02-0000001-0000002", "2026-03-01", sales_channel="Non-Amazon"),
    ]
    store = read(make_store(tmp_path, {"exports/a.txt": orders_file(rows)}))

    assert [True, False] == store.orders.sort_values("order_id")["counts"].tolist()
    assert "multi-channel-orders" in ids(store)


def test_days_are_cut_in_the_stores_time_zone(tmp_path):
    rows = [order(1, "2026-03-01T23:30:00+00:00"), order(2, "2026-03-01T14:59:59+00:00")]
    files = {"exports/a.txt": orders_file(rows)}
    utc = read(make_store(tmp_path / "utc", files))
    tokyo = read(make_store(tmp_path / "tokyo", files, 'timezone = "Asia/Tokyo"\n'))

    assert ["2026-03-01", "2026-03-01"] == utc.orders["day"].dt.strftime("%Y-%m-%d").tolist()
    assert ["2026-03-01", "2026-03-02"] == tokyo.orders["day"].dt.strftime("%Y-%m-%d").tolist()


def test_as_of_is_the_last_day_of_the_orders_unless_given(tmp_path):
    folder = make_store(tmp_path, {"exports/a.txt": orders_file([order(1, "2026-03-01")])})

    assert date(2026, 3, 1) == read(folder).as_of
    assert date(2026, 4, 1) == read(folder, as_of="2026-04-01").as_of


def test_an_unreadable_day_is_refused_with_an_example(tmp_path):
    folder = make_store(tmp_path, {})

    with pytest.raises(
        BadParameter, match="as-of '1.3.2026' is not a day; write it like 2026-03-01"
    ):
        read(folder, as_of="1.3.2026")


def test_a_date_in_the_future_does_not_move_the_as_of_day(tmp_path):
    rows = [order(1, "2026-03-01"), order(2, "2062-03-01")]
    store = read(make_store(tmp_path, {"exports/a.txt": orders_file(rows)}))

    assert date(2026, 3, 1) == store.as_of
    assert "future-date" in ids(store)


def test_a_folder_without_store_toml_says_what_to_do(tmp_path):
    with pytest.raises(BadStore, match="no store.toml in it; `odr init"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('marketplace = "XX"', "marketplace = 'XX'; choose one of US"),
        ('timezone = "Mars"', "timezone = 'Mars' is not a time zone"),
        ("lag_days = 900", "lag_days = 900; a number of days from 0 to 60"),
        ('profile = "amazn"', "profile = 'amazn'; choose one of amazon, brief"),
        ('[amazon]\nfirst = "March"', "amazon.first = 'March' is not a day"),
    ],
)
def test_a_bad_setting_names_key_value_and_choice(tmp_path, line, says):
    with pytest.raises(BadStore, match=says):
        read(make_store(tmp_path, {}, line + "\n"))


def test_an_id_that_is_a_path_is_refused(tmp_path):
    make_store(tmp_path, {"store.toml": 'id = "../../etc"\nmarketplace = "US"\n'})

    with pytest.raises(BadStore, match="every store needs an id of letters"):
        read(tmp_path)


def test_a_misspelt_setting_is_a_finding(tmp_path):
    assert "unknown-setting" in ids(read(make_store(tmp_path, {}, 'time_zone = "UTC"\n')))


def test_a_link_out_of_the_store_is_not_followed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text(orders_file([order(1, "2026-03-01")]), encoding="utf-8")
    folder = make_store(
        tmp_path / "store", {"exports/a.txt": orders_file([order(2, "2026-03-01")])}
    )
    try:
        (folder / "exports" / "link.txt").symlink_to(secret)
    except OSError:
        pytest.skip("this machine does not allow symbolic links")
    store = read(folder)

    assert [order_id(2)] == store.orders["order_id"].tolist()
    assert "file-outside-store" in ids(store)


def test_an_untouched_ledger_is_unknown_and_an_emptied_one_is_none(tmp_path):
    odr.init_store(tmp_path)
    claims = tmp_path / "ledger" / "claims.csv"
    untouched = read(tmp_path).claims
    claims.write_text(claims.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    emptied = read(tmp_path).claims

    assert untouched is None
    assert 0 == len(emptied)


def test_a_file_of_another_store_is_an_error_with_its_name(tmp_path):
    files = {
        "exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(20)]),
        "exports/odr.csv": odr_file([(order_id(900 + n), "2026-03-01", "A") for n in range(6)]),
    }
    store = read(make_store(tmp_path, files))
    found = [finding for finding in check_tables(store) if finding.id == "file-of-another-store"]

    assert [("exports/odr.csv", 6, "error")] == [(f.place.file, f.count, f.level) for f in found]


def test_feedback_that_reaches_back_further_than_the_orders_is_no_other_stores(tmp_path):
    """The minimum of orders beside a year of feedback: what every newcomer brings."""
    months = [(order_id(800 + month), 1, f"{month}/10/25") for month in range(4, 13)]
    lately = [(order_id(7), 5, "3/20/26")]
    lately += [(order_id(790 + day), 1, f"3/{day}/26") for day in range(2, 8)]
    files = {
        "exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(20)]),
        "exports/feedback.txt": feedback_file(months + lately),
    }
    found = {f.id: f for f in check_tables(read(make_store(tmp_path, files)))}

    assert "file-of-another-store" not in found
    assert (
        "exports/feedback.txt: 9 order ids of seller feedback are of days before the first order "
        "of the orders files, 2026-03-01; they are in no rate."
    ) == found["before-the-orders"].message
    assert "information" == found["before-the-orders"].level
    assert 6 == found["order-not-in-orders"].count


def test_feedback_that_knows_no_order_of_the_store_is_another_stores(tmp_path):
    files = {
        "exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(20)]),
        "exports/feedback.txt": feedback_file([(order_id(900 + n), 5, "3/5/26") for n in range(6)]),
    }

    assert "file-of-another-store" in ids(read(make_store(tmp_path, files)))


def test_one_unknown_order_is_a_finding_at_its_line(tmp_path):
    files = {
        "exports/orders.txt": orders_file([order(n, "2026-03-01") for n in range(20)]),
        "exports/odr.csv": odr_file(
            [(order_id(3), "2026-03-01", "A"), (order_id(99), "2026-03-01", "F")]
        ),
    }
    store = read(make_store(tmp_path, files))
    found = [finding for finding in check_tables(store) if finding.id == "order-not-in-orders"]

    assert [(order_id(99), 3)] == [(finding.order_id, finding.place.line) for finding in found]


def test_rows_are_used_or_set_aside(tmp_path):
    good = orders_file([order(1, "2026-03-01")])
    bad = (
        good + "5.80293E+13\t\t2026-03-01T00:00:00+00:00\t\tShipped\n" + good.splitlines()[0] + "\n"
    )
    store = read(make_store(tmp_path, {"exports/a.txt": bad}))
    row = odr.inventory(store).iloc[0]

    assert (3, 1, 2) == (row["rows"], row["used"], row["set_aside"])


def test_no_buyer_leaves_the_door(tmp_path):
    header = [*ALL_ORDERS, "buyer-name", "buyer-email"]
    row = order(1, "2026-03-01") | {
        "buyer-name": "PLANTED NAME",
        "buyer-email": "planted@example.com",
    }
    store = read(make_store(tmp_path, {"exports/a.txt": orders_file([row], header)}))
    text = store.orders.to_csv() + store.order_items.to_csv()

    assert "PLANTED" not in text.upper()
    assert "90210" not in text


def test_a_document_that_names_another_seller_is_an_error(tmp_path):
    page = '{"sellerId": "AOTHER", "chargebacks": []}'
    files = {"exports/a.txt": orders_file([order(1, "2026-03-01")]), "exports/page.json": page}
    store = read(make_store(tmp_path, files, 'seller_id = "AMINE"\n'))
    found = [finding for finding in check_tables(store) if finding.id == "file-of-another-store"]

    assert ["exports/page.json names the seller AOTHER, store.toml AMINE."] == [
        finding.message for finding in found
    ]


def test_an_orders_file_that_shares_no_sku_is_questioned(tmp_path):
    def month(first, prefix):
        return orders_file(
            [order(first + n, "2026-03-01", sku=f"{prefix}{n % 6}") for n in range(12)]
        )

    files = {"exports/1.txt": month(0, "A"), "exports/2.txt": month(20, "A")}
    files |= {"exports/3.txt": month(40, "B")}
    store = read(make_store(tmp_path, files))
    found = [finding for finding in check_tables(store) if finding.id == "orders-share-no-sku"]

    assert ["exports/3.txt"] == [finding.place.file for finding in found]


def test_a_performance_report_given_twice_is_one(tmp_path):
    part = {
        "orderCount": 10,
        "orderWithDefects": {"count": 1, "status": "GOOD"},
        "reportingDateRange": {
            "reportingDateFrom": "2026-01-01T00:00Z",
            "reportingDateTo": "2026-03-01T23:59Z",
        },
    }
    report = {
        "accountStatuses": [],
        "performanceMetrics": [
            {"marketplaceId": "ATVPDKIKX0DER", "orderDefectRate": {"mfn": part}}
        ],
    }
    files = {
        "exports/orders.txt": orders_file([order(1, "2026-03-01")]),
        "exports/v2.json": json.dumps(report),
        "exports/v2 again.json": json.dumps(report),
    }
    store = read(make_store(tmp_path, files))

    assert [("mfn", 10, date(2026, 3, 1))] == [
        (row.channel, row.orders, row.last) for row in store.performance
    ]


def test_settings_are_refused_in_the_language_they_name(tmp_path):
    folder = make_store(tmp_path, {}, 'language = "zh"\nlag_days = 900\n')

    with pytest.raises(BadStore, match="lag_days = 900；应为 0 到 60 之间的天数"):
        read(folder)
    with pytest.raises(BadStore, match="lag_days = 900; a number of days from 0 to 60"):
        read(folder, language="en")


def test_a_misspelt_setting_is_told_in_the_stores_language(tmp_path):
    store = read(make_store(tmp_path, {}, 'language = "zh"\ntime_zone = "UTC"\n'))

    assert "store.toml 中的键 'time_zone' 在这里没有意义。" == store.findings[0].message


def test_the_reason_of_the_as_of_day_is_a_code_in_every_language(tmp_path):
    store = read(make_store(tmp_path, {}, 'language = "zh"\n'), as_of="2026-03-01")

    assert "given" == store.as_of_reason
