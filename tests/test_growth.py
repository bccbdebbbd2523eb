"""Growth: with new files the tables are what they would be if all were put together anew."""

import json
import os
import random
import stat
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from fuzz.folders import a_folder
from hypothesis import given, settings
from hypothesis import strategies as st
from plain.worlds import write_world

import odrlib as odr
from odrlib import cache as caches
from odrlib import growth
from odrlib.cache import Cache
from odrlib.demo.write import HEADERS
from odrlib.facts import facts_json

TODAY = date(2026, 11, 30)
SEEDS = st.integers(0, 10**6)
FRAMES = (
    "orders", "order_items", "shipments", "feedback", "odr_list", "returns", "claims",
    "chargebacks", "messages", "removals", "settlements", "erp_orders", "evidence", "events",
)  # fmt: skip
ORDERS, SHIPPED = HEADERS["all_orders_2026"], HEADERS["confirm_shipment"]


@pytest.fixture(autouse=True, scope="module")
def little_stores_too():
    kept = caches.SMALLEST, caches.FEWEST_ROWS, growth._MOST
    caches.SMALLEST, caches.FEWEST_ROWS, growth._MOST = 1, 1, 9
    yield
    caches.SMALLEST, caches.FEWEST_ROWS, growth._MOST = kept


def read(store: Path, cache: Cache | str = "", today: date = TODAY) -> odr.Store:
    return odr.read_store(store, today=today, cache=cache)


def assert_same(one: odr.Store, other: odr.Store) -> None:
    """The same tables to the last bit, and the same findings."""
    for name in FRAMES:
        a, b = getattr(one, name), getattr(other, name)
        assert (a is None) == (b is None), name
        if a is None:
            continue
        pd.testing.assert_frame_equal(a, b, check_exact=True, obj=name)
        assert type(a.index) is type(b.index)
        for column, values in a.items():
            if isinstance(values.dtype, pd.CategoricalDtype):
                assert values.array.codes.dtype == b[column].array.codes.dtype
    assert (one.findings, one.as_of, one.unknown) == (other.findings, other.as_of, other.unknown)
    assert odr.inventory(one).equals(odr.inventory(other))


def grows(
    store: Path, later: list[Path], today: date = TODAY, facts: bool = False
) -> list[tuple[str, ...]]:
    """Read without some files, then with them; which files were added to the tables of before."""
    with tempfile.TemporaryDirectory() as room:
        for number, path in enumerate(later):
            path.rename(Path(room, f"{number}"))
        cache = Cache(Path(room, "cache"))
        assert_same(read(store, cache, today), read(store, today=today))
        for number, path in enumerate(later):
            Path(room, f"{number}").rename(path)
        plain = read(store, today=today)
        cache.grew.clear()
        grown = read(store, cache, today)
        grew = [*cache.grew]
        assert_same(grown, plain)
        assert_same(read(store, cache, today), plain)
        if facts:
            assert facts_json(odr.build_facts(grown)) == facts_json(odr.build_facts(plain))
        return grew


def put(store: Path, name: str, header: list[str], rows: list[dict[str, str]]) -> Path:
    path = store / "exports" / name
    lines = [header, *([row.get(column, "") for column in header] for row in rows)]
    path.write_text("\n".join("\t".join(line) for line in lines) + "\n", encoding="utf-8")
    return path


def new_store(folder: Path, more: str = "") -> Path:
    (folder / "exports").mkdir(parents=True)
    (folder / "store.toml").write_text(f'id = "s"\nmarketplace = "US"\n{more}', encoding="utf-8")
    return folder


def crowded(folder: Path, luck: random.Random) -> list[Path]:
    """A store in which everything meets: few orders, items, moments and parcels in many files."""
    new_store(folder, luck.choice(("", 'timezone = "Asia/Tokyo"\n', "count_cancelled = true\n")))
    ids = [f"{luck.choice(('113', '114', 'S01', '702'))}-{n:07d}-0000001" for n in range(12)]
    items = [f"1234567890{n}" for n in range(luck.choice((3, 20)))]
    moments = [f"2026-05-0{n}T10:00:00+00:00" for n in range(1, luck.choice((2, 4)))]
    words = [f"N{number}" for number in range(5)]
    overlap = luck.choice((0.0, 0.3, 1.0))

    def order(id: str, items: list[str]) -> dict[str, str]:
        return {
            "amazon-order-id": id if luck.random() < 0.95 else "no id",
            "order-item-id": luck.choice(items),
            "purchase-date": luck.choice(moments),
            "last-updated-date": luck.choice((*moments, "")),
            "order-status": luck.choice(("Shipped", "Cancelled", "Pending", "")),
            "sales-channel": luck.choice(("Amazon.com", "Amazon.com", "Non-Amazon", "")),
            "fulfillment-channel": luck.choice(("Merchant", "Amazon", "")),
            "sku": luck.choice(("A", "B", "C", "")),
            "product-name": luck.choice(("Chair", *words, "")),
            "quantity": luck.choice(("1", "2", "one", "")),
            "item-price": luck.choice(("9.99", "0.1", "0.2", "")),
            "ship-country": luck.choice(("US", "CA", "")),
        }

    def parcel(id: str, _: list[str]) -> dict[str, str]:
        return {
            "order-id": id,
            "ship-date": luck.choice((*moments, "")),
            "carrier-code": luck.choice(("UPS", "usps", *words, "")),
            "tracking-number": luck.choice(("1Z999AA10123456784", *words, "9" * 22, "5.8E+13", "")),
            "ship-method": luck.choice(("Ground", "Economy", *words, "")),
        }

    def both(id: str) -> dict[str, object]:
        item = {"orderItemId": luck.choice(items), "sellerSku": luck.choice("ABC"), "quantity": 1}
        packages = [
            {"carrier": luck.choice(words), "trackingNumber": luck.choice(words)}
            for _ in range(luck.randint(0, 2))
        ]
        return {"orderId": id, "createdTime": luck.choice(moments), "orderItems": [item] * 2,
                "packages": packages}  # fmt: skip

    files = []
    for number in range(luck.randint(3, 7)):
        mine = luck.sample(ids, 4) if luck.random() < overlap else ids[number::7]
        name = f"{luck.randrange(1000):03} {number}.txt"
        if luck.random() < 0.2:
            # Several orders of one line, so that their parcels have one place.
            lines = [json.dumps({"orders": [*map(both, mine)]}) for _ in range(2)]
            files.append(folder / "exports" / name)
            files[-1].write_text("\n".join(lines), encoding="utf-8")
            continue
        known = items if luck.random() < 0.7 else [""]
        header, make = luck.choice(((ORDERS, order), (SHIPPED, parcel)))
        rows = [make(id, known) for id in mine for _ in range(luck.choice((1, 1, 1, 2, 3)))]
        files.append(put(folder, name, header, rows))
    return files


@settings(max_examples=40)
@given(SEEDS)
def test_a_crowded_store_grows_into_what_it_is(seed):
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory() as room:
        files = crowded(Path(room, "store"), luck)
        grows(Path(room, "store"), luck.sample(files, luck.randint(0, 3)))


@settings(max_examples=8)
@given(SEEDS)
def test_a_store_of_every_kind_of_file_grows_into_what_it_is(seed):
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory() as room:
        folder = a_folder(seed).write(Path(room, "store"))
        files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".toml"]
        grows(folder, luck.sample(sorted(files), min(len(files), luck.randint(0, 4))))


@pytest.mark.long
@settings(max_examples=200)
@given(SEEDS)
def test_many_crowded_stores_grow_into_what_they_are(seed):
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory() as room:
        files = crowded(Path(room, "store"), luck)
        grows(Path(room, "store"), luck.sample(files, luck.randint(1, 3)))


@settings(max_examples=4)
@given(SEEDS)
def test_a_store_as_analysts_make_them_grows_into_what_it_is(seed):
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory() as room:
        world = write_world(Path(room, "store"), seed, orders=60)
        files = [world.folder / file.path for file in world.files]
        later = luck.sample(files, min(len(files), luck.randint(0, 3)))
        grows(world.folder, later, world.today, facts=True)


# ── a plain store: a file of orders and one of parcels for each day ─────────────────────────────


def day_rows(day: int, orders: int = 3) -> list[dict[str, str]]:
    return [
        {
            "amazon-order-id": f"114-{day:07d}-{number:07d}",
            "order-item-id": f"{day}000000{number}",
            "purchase-date": f"2026-05-{day:02d}T10:00:00+00:00",
            "last-updated-date": f"2026-05-{day:02d}T12:00:00+00:00",
            "order-status": "Shipped",
            "sku": f"SKU-{number}",
            "quantity": "1",
        }
        for number in range(orders)
    ]


def parcel_rows(day: int, orders: int = 3) -> list[dict[str, str]]:
    return [
        {
            "order-id": f"114-{day:07d}-{number:07d}",
            "ship-date": f"2026-05-{day:02d}T20:00:00+00:00",
            "carrier-code": "UPS",
            "tracking-number": f"1Z999AA1012345{day:02d}{number:02d}",
        }
        for number in range(orders)
    ]


def put_day(store: Path, day: int) -> list[Path]:
    orders = put(store, f"orders {day}.txt", ORDERS, day_rows(day))
    return [orders, put(store, f"parcels {day}.txt", SHIPPED, parcel_rows(day))]


@pytest.fixture
def store(tmp_path):
    """Three days."""
    folder = new_store(tmp_path / "store")
    for day in (1, 2, 3):
        put_day(folder, day)
    return folder


@pytest.fixture
def cache(tmp_path, store):
    """A cache that holds the store of three days."""
    full = Cache(tmp_path / "c")
    read(store, full)
    for said in (full.taken, full.parsed, full.grew):
        said.clear()
    return full


def kept_tables(cache: Cache) -> list[Path]:
    return sorted(cache.folder.glob("*.tables"))


def test_one_more_day_is_added_to_the_tables_and_nothing_else_is_read(store, cache):
    put_day(store, 4)
    grown = read(store, cache)

    assert [("exports/orders 4.txt", "exports/parcels 4.txt")] == cache.grew
    assert ["exports/orders 4.txt", "exports/parcels 4.txt"] == cache.parsed
    assert 12 == len(grown.orders) == len(grown.shipments)
    assert_same(grown, read(store))


def test_nothing_new_takes_the_tables_as_they_are(store, cache):
    assert_same(read(store, cache), read(store))
    assert [()] == cache.grew


def test_a_file_that_says_something_else_of_old_orders_changes_these(store, cache):
    """The first day downloaded again: one order was cancelled since, one has a second item."""
    first, second, _ = day_rows(1)
    later = {"last-updated-date": "2026-05-09T12:00:00+00:00"}
    rows = [first | later | {"order-status": "Cancelled"}, second | {"order-item-id": "99"}]
    put(store, "a new download.txt", ORDERS, rows)
    grown = read(store, cache)

    assert [True, False, False] == grown.orders["cancelled"].head(3).tolist()
    assert 10 == len(grown.order_items)
    assert_same(grown, read(store))


def test_a_parcel_comes_to_its_order_a_day_later(store, cache):
    put(store, "parcels 0.txt", SHIPPED, [parcel_rows(9)[0] | {"carrier-code": "GLS"}])
    early = read(store, cache)
    put(store, "orders 9.txt", ORDERS, day_rows(9))
    late = read(store, cache)

    assert "GLS" not in early.orders["carrier"].tolist()
    assert "GLS" == late.orders["carrier"].iloc[9]
    assert [1, 2] == [*map(len, cache.grew)]
    assert_same(late, read(store))


@pytest.mark.parametrize("what", ["changed", "gone", "renamed"])
def test_if_a_file_is_not_as_it_was_all_tables_are_put_together_anew(store, cache, what):
    path = store / "exports" / "orders 2.txt"
    if what == "changed":
        put(store, path.name, ORDERS, day_rows(2, 2))
    elif what == "gone":
        path.unlink()
    else:
        path.rename(path.with_name("orders 7.txt"))

    assert_same(read(store, cache), read(store))
    assert [] == cache.grew
    assert 1 == len(kept_tables(cache))


def test_parcels_that_find_their_order_by_the_number_alone_are_put_together_anew(store, tmp_path):
    tracker = "Tracking Number,Carrier,Status\n1Z999AA101234501" + "00,UPS,Delivered\n"
    (store / "exports" / "tracker.csv").write_text(tracker, encoding="utf-8")
    cache = Cache(tmp_path / "c")
    read(store, cache)
    put_day(store, 4)

    assert_same(read(store, cache), read(store))
    assert ([], []) == (cache.grew, kept_tables(cache))


def test_another_setting_that_matters_is_another_entry(store, cache):
    for line in ('timezone = "Asia/Shanghai"\n', "count_cancelled = true\n", 'language = "zh"\n'):
        with open(store / "store.toml", "a", encoding="utf-8") as file:
            file.write(line)
        assert_same(read(store, cache), read(store))

    assert [] == cache.grew


def test_of_a_store_the_newest_tables_alone_are_kept_and_no_other_stores(store, cache, tmp_path):
    other = new_store(tmp_path / "other")
    put_day(other, 1)
    read(other, cache)
    before = kept_tables(cache)
    put_day(store, 4)
    read(store, cache)
    after = kept_tables(cache)

    assert 2 == len(before) == len(after)
    assert 1 == len({*before} & {*after})
    assert [()] == [read(other, cache) and cache.grew[-1]]


def test_little_that_is_new_is_added_each_time_and_not_written(store, cache, monkeypatch):
    monkeypatch.setattr(caches, "MUCH_NEW", 0.9)
    before = kept_tables(cache)
    for day in (4, 5):
        put_day(store, day)
        assert_same(read(store, cache), read(store))

    assert [2, 4] == [*map(len, cache.grew)]
    assert before == kept_tables(cache)


def test_tables_of_a_store_are_never_those_of_another(store, cache, tmp_path):
    """Even if one entry is put in the other's place."""
    other = new_store(tmp_path / "other")
    put_day(other, 1)
    read(other, cache)
    mine, theirs = kept_tables(cache)
    content = mine.read_bytes(), theirs.read_bytes()
    mine.unlink()
    theirs.unlink()
    mine.with_name(mine.name.rpartition("-")[0] + theirs.name[-16:]).write_bytes(content[1])
    theirs.with_name(theirs.name.rpartition("-")[0] + mine.name[-16:]).write_bytes(content[0])
    cache.grew.clear()

    assert_same(read(store, cache), read(store))
    assert_same(read(other, cache), read(other))
    assert [] == cache.grew


@settings(max_examples=15)
@given(
    what=st.sampled_from(["damage", "cut", "empty", "no entries", "damaged entries"]),
    at=st.integers(0, 1 << 16),
    by=st.integers(1, 255),
)
def test_whatever_becomes_of_the_tables_and_entries_no_answer_changes(what, at, by):
    with tempfile.TemporaryDirectory() as room:
        store, cache = new_store(Path(room, "store")), Cache(Path(room, "c"))
        for day in (1, 2, 3):
            put_day(store, day)
        read(store, cache)
        (path,) = kept_tables(cache)
        raw = path.read_bytes()
        place = at % len(raw)
        match what:
            case "damage":
                path.write_bytes(raw[:place] + bytes([raw[place] ^ by]) + raw[place + 1 :])
            case "cut":
                path.write_bytes(raw[:place])
            case "empty":
                path.write_bytes(b"")
            case _:
                for entry in cache.folder.glob("*.parquet"):
                    if what == "no entries":
                        entry.unlink()
                    else:
                        own = entry.read_bytes()
                        entry.write_bytes(own[:4] + bytes([own[4] ^ by]) + own[5:])
        put(store, "again.txt", ORDERS, [*day_rows(1, 1), *day_rows(3, 4)])
        plain = read(store)

        assert_same(read(store, cache), plain)
        assert_same(read(store, cache), plain)


def test_tomorrow_the_tables_still_hold_unless_a_row_lay_in_the_future(store, cache):
    read(store, cache, date(2026, 12, 1))
    put_day(store, 9)
    read(store, cache, date(2026, 5, 4))
    late = read(store, cache, date(2026, 5, 12))

    assert [()] == cache.grew
    assert 12 == len(late.orders)
    assert_same(late, read(store, today=date(2026, 5, 12)))


def test_nobody_else_may_read_the_tables_and_they_go_after_a_month(cache):
    (path,) = kept_tables(cache)
    if os.name == "posix":
        assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    cache.tidy()

    assert [] == kept_tables(cache)


def test_whoever_takes_tables_out_of_the_cache_may_write_into_them(store, cache):
    orders = read(store, cache).orders
    orders.loc[0, "value"] = 7.0
    orders.loc[0, "cancelled"] = True

    assert (7.0, True) == (orders["value"].iloc[0], orders["cancelled"].iloc[0])
