"""What must hold of every store, whatever is in it."""

import random
import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from plain.plain import lines
from plain.worlds import an_order, write_lines, write_world

import odrlib as odr
from odrlib.exports.read import Context, read_file
from odrlib.facts import facts_json

SEEDS = st.integers(0, 10**6)
# A smaller seed is no simpler store, so nothing is gained by shrinking one.
few = settings(max_examples=5, derandomize=True, phases=(Phase.explicit, Phase.generate))


@pytest.fixture(scope="module")
def new_folder(tmp_path_factory):
    """A new folder for each example."""
    return lambda: tmp_path_factory.mktemp("law") / "store"


def read(world):
    return odr.read_store(world.folder, as_of=world.as_of, today=world.today)


def numbers(world):
    """What `odr status` says of the profiles, but for the sentence that names a file."""
    profiles = odr.status_dict(odr.build_facts(read(world)))["profiles"]
    for profile in profiles.values():
        profile["window"].pop("reason")
    return profiles


def with_good_orders(world, day, count):
    """The same store with so many more orders on that day that nobody complains of."""
    number = sum(file.kind == "all_orders" for file in world.files)
    path = world.folder / "exports" / f"good {number}.txt"
    rows = [an_order(f"999-{number:07}-{n:07}", day) for n in range(count)]
    if rows:
        write_lines(path, [list(rows[0]), *(list(row.values()) for row in rows)])
    return world


@few
@given(SEEDS)
def test_the_order_of_files_rows_and_columns_says_nothing(new_folder, seed):
    """The same rows under other names, in another order, with other neighbours."""
    world = write_world(new_folder(), seed, orders=60)
    before = numbers(world)
    luck = random.Random(seed)
    names = luck.sample(range(len(world.files)), len(world.files))
    for file, name in zip(world.files, names, strict=True):
        path = world.folder / file.path
        if file.kind != "performance" and path.suffix not in (".xlsx", ".json"):
            header, *rows = lines(world.folder, file)
            columns = list(range(len(header)))
            if file.kind != "feedback":  # whose columns are known by their places
                luck.shuffle(columns)
            luck.shuffle(rows)
            rows = [row + [""] * (len(header) - len(row)) for row in rows]
            shuffled = [[row[at] for at in columns] + row[len(header) :] for row in (header, *rows)]
            write_lines(path, shuffled, file.encoding, file.delimiter)
        stem = f"{file.kind} {name}" if file.path.startswith("ledger") else f"{name}"
        path.rename(path.with_name(stem + path.suffix))

    assert before == numbers(world)


@few
@given(SEEDS)
def test_a_file_given_twice_changes_nothing(new_folder, seed):
    world = write_world(new_folder(), seed, orders=60)
    before = numbers(world)
    for file in world.files:
        path = world.folder / file.path
        shutil.copy(path, path.with_name(f"{path.stem} (1){path.suffix}"))

    assert before == numbers(world)


@few
@given(SEEDS, st.integers(0, 40))
def test_an_order_without_a_defect_never_raises_the_rate(new_folder, seed, days):
    world = write_world(new_folder(), seed, orders=60)
    as_of = read(world).as_of
    world = replace(world, as_of=as_of)
    before = numbers(world)
    after = numbers(with_good_orders(world, as_of - timedelta(days=days), 1))

    for profile, of in before.items():
        for channel in ("all", "mfn", "afn"):
            old, new = of[channel], after[profile][channel]
            if old["rate"] is not None:
                assert old["rate"] >= new["rate"]
                assert old["defective"] == new["defective"]


@few
@given(SEEDS, st.sampled_from(["amazon", "brief"]))
def test_so_many_good_orders_as_are_needed_do_and_one_fewer_does_not(new_folder, seed, profile):
    world = write_world(new_folder(), seed, orders=60)
    world = replace(world, as_of=read(world).as_of)
    before = numbers(world)[profile]
    last = date.fromisoformat(before["window"]["last"])
    needed = before["all"]["good_orders_needed"]
    if needed:
        fewer = numbers(with_good_orders(world, last, needed - 1))[profile]["all"]
        enough = numbers(with_good_orders(world, last, needed))[profile]["all"]

        assert 0 != fewer["reversals_needed"]
        assert 0 == enough["reversals_needed"]
    else:
        assert before["all"]["status"] != "over"


@few
@given(SEEDS)
def test_every_row_of_every_file_is_used_or_set_aside(new_folder, seed):
    """Counted in the files themselves: a row is a line that holds anything."""
    world = write_world(new_folder(), seed, orders=60)
    store = read(world)
    said = {reading.file: reading for reading in store.readings}
    context = Context(
        store.settings.marketplace, store.settings.timezone, world.today, store.settings.columns
    )
    for file in world.files:
        reading = read_file(world.folder / file.path, file.path, context)
        assert reading.rows_in == said[file.path].rows_in
        assert reading.rows_used == said[file.path].rows_used == len(reading.frame)
        assert reading.rows_set_aside == reading.set_aside["line"].nunique()
        if file.delimiter:
            rows = lines(world.folder, file)[1:]
            assert reading.rows_in == sum(any(map(str.strip, row)) for row in rows)


@few
@given(SEEDS)
def test_the_same_folder_gives_the_same_bytes(new_folder, seed):
    """Also elsewhere, and read again: facts.json knows neither the clock nor the machine."""
    world = write_world(new_folder(), seed, orders=60)
    copy = replace(world, folder=new_folder())
    shutil.copytree(world.folder, copy.folder)
    first, again, elsewhere = (
        facts_json(odr.build_facts(read(each))) for each in (world, world, copy)
    )

    assert first == again == elsewhere
