"""The cache: only new files are read, and nothing that it holds changes an answer."""

import os
import stat
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import odrlib as odr
from odrlib import cache as caches
from odrlib.cache import Cache
from odrlib.demo.write import HEADERS
from odrlib.errors import BadParameter
from odrlib.facts import facts_json
from odrlib.languages import speaking

HEADER = HEADERS["all_orders_2026"]
TODAY = date(2026, 11, 30)


@pytest.fixture(autouse=True, scope="module")
def small_files_too():
    kept = caches.SMALLEST
    caches.SMALLEST = 1
    yield
    caches.SMALLEST = kept


def day_file(day: int, orders: int = 3) -> str:
    lines = ["\t".join(HEADER)]
    for number in range(orders):
        cells = {
            "amazon-order-id": f"114-{day:07d}-{number:07d}",
            "purchase-date": f"2026-05-{day:02d}T10:00:00+00:00",
            "last-updated-date": f"2026-05-{day:02d}T12:00:00+00:00",
            "order-status": "Shipped" if number else "Cancelled",
            "fulfillment-channel": "Merchant",
            "sku": f"SKU-{number}",
            "quantity": "1" if number else "one",
        }
        lines.append("\t".join(cells.get(name, "") for name in HEADER))
    lines.append("not an id" + "\t" * (len(HEADER) - 1))
    return "\n".join(lines) + "\n"


FEEDBACK = (
    "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n"
    "5/9/26\t1\tNever arrived\t\t114-0000001-0000001\tx@marketplace.amazon.com\n"
    "5/9/26\t5\tGood\t\t114-0000002-0000002\ty@marketplace.amazon.com\n"
)


@pytest.fixture
def store(tmp_path):
    return made(tmp_path / "store")


def made(folder: Path) -> Path:
    (folder / "exports").mkdir(parents=True)
    (folder / "store.toml").write_text('id = "s"\nmarketplace = "US"\n', encoding="utf-8")
    for day in (1, 2, 3):
        put(folder, f"orders {day}.txt", day_file(day))
    put(folder, "feedback.txt", FEEDBACK)
    return folder


def put(store: Path, name: str, text: str) -> None:
    (store / "exports" / name).write_text(text, encoding="utf-8")


def told(store: Path, cache: Cache | str = "") -> str:
    return facts_json(odr.build_facts(odr.read_store(store, today=TODAY, cache=cache)))


def test_facts_are_the_same_bytes_without_a_cache_with_an_empty_one_and_with_a_full_one(
    store, tmp_path
):
    first, second = Cache(tmp_path / "c"), Cache(tmp_path / "c")
    expected = told(store)

    assert (told(store, first), told(store, second)) == (expected, expected)
    assert (len(first.parsed), len(first.taken)) == (4, 0)
    assert (len(second.parsed), len(second.taken)) == (0, 4)


def test_a_day_more_reads_that_day_alone(store, tmp_path):
    told(store, Cache(tmp_path / "c"))
    put(store, "orders 4.txt", day_file(4))
    cache = Cache(tmp_path / "c")

    assert told(store, cache) == told(store)
    assert cache.parsed == ["exports/orders 4.txt"]


def test_rows_set_aside_and_findings_come_out_as_they_went_in(store, tmp_path):
    odr.read_store(store, today=TODAY, cache=tmp_path / "c")
    plain = odr.read_store(store, today=TODAY, cache="")
    cached = odr.read_store(store, today=TODAY, cache=tmp_path / "c")

    assert cached.findings == plain.findings != ()
    for one, other in zip(cached.readings, plain.readings, strict=True):
        assert one.set_aside.equals(other.set_aside)
        assert one.refused.equals(other.refused)
        assert one.set_aside.dtypes.equals(other.set_aside.dtypes)
    assert cached.orders.dtypes.equals(plain.orders.dtypes)
    assert cached.orders.equals(plain.orders)


def damaged(raw: bytes, at: int, by: int) -> bytes:
    place = at % len(raw)
    return raw[:place] + bytes([raw[place] ^ by]) + raw[place + 1 :]


@settings(max_examples=40)
@given(
    what=st.sampled_from(["damage", "cut", "foreign", "edit", "swap", "rename"]),
    at=st.integers(0, 1 << 16),
    by=st.integers(1, 255),
)
def test_whatever_becomes_of_files_and_entries_the_cache_changes_no_answer(what, at, by):
    with tempfile.TemporaryDirectory() as room:
        folder, store = Path(room, "c"), made(Path(room, "store"))
        odr.read_store(store, today=TODAY, cache=folder)
        entries = sorted(folder.glob("*.parquet"))
        one, other = entries[at % 4], entries[(at + by) % 4]
        match what:
            case "damage":
                one.write_bytes(damaged(one.read_bytes(), at, by))
            case "cut":
                one.write_bytes(one.read_bytes()[: at % one.stat().st_size])
            case "foreign":
                one.write_bytes(other.read_bytes())
            case "edit":
                put(store, f"orders {1 + at % 3}.txt", day_file(1 + at % 3, by % 6))
            case "swap":
                put(store, "orders 1.txt", day_file(2 + at % 2))
                put(store, "orders 2.txt", day_file(1))
            case "rename":
                (store / "exports" / "orders 1.txt").rename(store / "exports" / "all.txt")
                put(store, "orders 1.txt", day_file(5))
        plain = odr.read_store(store, today=TODAY, cache="")
        cached = [odr.read_store(store, today=TODAY, cache=folder) for _ in range(2)]

        for read in cached:
            assert (read.findings, read.as_of) == (plain.findings, plain.as_of)
            assert read.orders.equals(plain.orders)
            assert read.order_items.equals(plain.order_items)
            assert read.feedback.equals(plain.feedback)
            assert odr.inventory(read).equals(odr.inventory(plain))


def test_another_language_time_zone_or_column_mapping_is_another_entry(store, tmp_path):
    told(store, Cache(tmp_path / "c"))
    mapping = '[columns."orders 1*"]\nexport = "all_orders"\nstate = "ship-city"\n'
    for line in ('language = "zh"\n', 'timezone = "Asia/Shanghai"\n', mapping):
        with open(store / "store.toml", "a", encoding="utf-8") as file:
            file.write(line)
        cache = Cache(tmp_path / "c")

        assert told(store, cache) == told(store)
        assert len(cache.parsed) == 4


def test_tomorrow_the_entries_still_hold_unless_a_row_lay_in_the_future(store, tmp_path):
    put(store, "orders 9.txt", day_file(9))
    early, late = date(2026, 5, 4), date(2026, 5, 12)
    odr.read_store(store, today=early, cache=tmp_path / "c")
    cache = Cache(tmp_path / "c")
    read = odr.read_store(store, today=late, cache=cache)

    assert cache.parsed == ["exports/feedback.txt", "exports/orders 9.txt"]
    assert len(read.orders) == len(odr.read_store(store, today=late, cache="").orders) == 12


def test_nobody_else_may_read_an_entry_and_no_buyer_stands_in_one(store, tmp_path):
    odr.read_store(store, today=TODAY, cache=tmp_path / "c")
    entries = list((tmp_path / "c").iterdir())

    assert [entry for entry in entries if b"marketplace.amazon.com" in entry.read_bytes()] == []
    if os.name == "posix":
        assert {stat.S_IMODE(entry.stat().st_mode) for entry in entries} == {0o600}
        assert stat.S_IMODE((tmp_path / "c").stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="rights are told otherwise on Windows")
def test_a_folder_that_others_may_write_into_is_refused(tmp_path):
    (tmp_path / "c").mkdir()
    (tmp_path / "c").chmod(0o777)

    with pytest.raises(BadParameter, match="others may write into it"):
        Cache(tmp_path / "c")


def test_a_folder_that_cannot_be_used_is_refused_in_the_language_spoken():
    with (
        speaking("zh"),
        pytest.raises(BadParameter, match="^缓存文件夹 here 无法使用：它不是完整路径$"),
    ):
        Cache("here")


def test_nothing_is_ever_kept_inside_the_store(store):
    with pytest.raises(BadParameter, match="it lies in the store"):
        odr.read_store(store, cache=store / "exports" / "cache")

    assert sorted(path.name for path in (store / "exports").rglob("*.parquet")) == []


def test_two_files_whose_names_are_shown_alike_are_two(store, tmp_path):
    for name, day in (("a@b.com.txt", 20), ("c@d.com.txt", 21)):
        put(store, name, day_file(day))
    reads = [odr.read_store(store, today=TODAY, cache=cache)
             for cache in ("", tmp_path / "cache", tmp_path / "cache")]  # fmt: skip

    for read in reads:
        assert {20, 21} <= set(read.orders["day"].dt.day)
        assert len({reading.file for reading in read.readings}) == len(read.readings)


def test_the_order_of_patterns_is_part_of_the_key(store, tmp_path):
    """The last pattern that fits a file wins."""
    patterns = ('[columns."exports/*"]\nsku = "sku"\n', '[columns."*.txt"]\nsku = "asin"\n')
    settings, cache = store / "store.toml", Cache(tmp_path / "cache")
    text = settings.read_text(encoding="utf-8")
    for order in (patterns, patterns[::-1]):
        settings.write_text(text + "".join(order), encoding="utf-8")
        assert told(store) == told(store, cache)


def test_a_file_that_cannot_be_opened_any_more_stops_nothing(store, tmp_path, monkeypatch):
    cache = Cache(tmp_path / "cache")
    told(store, cache)
    file = next((store / "exports").glob("*.txt"))
    monkeypatch.setattr("builtins.open", shut(file))
    monkeypatch.setattr("io.open", shut(file))

    store = odr.read_store(store, today=TODAY, cache=cache)
    assert [f.place.file for f in store.findings if f.id == "unreadable-file"] == [
        f"exports/{file.name}"
    ]


def shut(path: Path):
    """The built-in `open`, but for a file that another program holds."""
    opened = open

    def refused(file, *arguments, **options):
        if str(file) == str(path):
            raise PermissionError(13, "Permission denied", str(file))
        return opened(file, *arguments, **options)

    return refused


def test_entries_that_nobody_asked_for_in_a_month_are_removed(store, tmp_path):
    odr.read_store(store, today=TODAY, cache=tmp_path / "c")
    old, *others = sorted((tmp_path / "c").glob("*.parquet"))
    os.utime(old, (1_700_000_000, 1_700_000_000))
    (store / "exports" / "orders 1.txt").unlink()
    Cache(tmp_path / "c").tidy()

    assert sorted((tmp_path / "c").iterdir()) == others


def test_the_environment_switches_the_cache_on(store, tmp_path, monkeypatch):
    monkeypatch.setenv("ODR_CACHE", str(tmp_path / "c"))
    odr.read_store(store, today=TODAY)

    assert len(list((tmp_path / "c").iterdir())) == 4
