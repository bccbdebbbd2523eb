"""Growth: with new files the tables are what they would be if all were put together anew."""

import random
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

    files = []
    for number in range(luck.randint(3, 7)):
        mine = luck.sample(ids, 4) if luck.random() < overlap else ids[number::7]
        known = items if luck.random() < 0.7 else [""]
        header, make = luck.choice(((ORDERS, order), (SHIPPED, parcel)))
        rows = [make(id, known) for id in mine for _ in range(luck.choice((1, 1, 1, 2, 3)))]
        files.append(put(folder, f"{luck.randrange(1000):03} {number}.txt", header, rows))
    return files


@settings(max_examples=150)
@given(SEEDS)
def test_a_crowded_store_grows_into_what_it_is(seed):
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory() as room:
        files = crowded(Path(room, "store"), luck)
        grows(Path(room, "store"), luck.sample(files, luck.randint(0, 3)))


@settings(max_examples=25)
@given(SEEDS)
def test_a_store_of_every_kind_of_file_grows_into_what_it_is(seed):
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory() as room:
        folder = a_folder(seed).write(Path(room, "store"))
        files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".toml"]
        grows(folder, luck.sample(sorted(files), min(len(files), luck.randint(0, 4))))


@settings(max_examples=10)
@given(SEEDS)
def test_a_store_as_analysts_make_them_grows_into_what_it_is(seed):
    luck = random.Random(seed)
    with tempfile.TemporaryDirectory() as room:
        world = write_world(Path(room, "store"), seed, orders=60)
        files = [world.folder / file.path for file in world.files]
        later = luck.sample(files, min(len(files), luck.randint(0, 3)))
        grows(world.folder, later, world.today, facts=True)
