"""Each sample, whole and with nothing but its header, goes through a store to its facts."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from stores import make_store, order, orders_file

import odrlib as odr
from odrlib import policy
from odrlib.exports.known import EXPORTS
from odrlib.facts import facts_json
from tests.exports.test_samples import SAMPLES

PLACES = {export.name: Path(export.path).parent for export in EXPORTS if export.path}
TABLES = [path for path in SAMPLES if path.suffix in (".txt", ".csv", ".tsv")]


def facts(folder, sample, content):
    """The facts of a store with one order and this file."""
    place = PLACES.get(sample.parent.name, Path("exports")) / sample.name
    marketplace = sample.name.split("-")[0]
    known = marketplace if marketplace in policy.MARKETPLACES else "US"
    files = {"exports/one order.txt": orders_file([order(1, "2026-03-01")])}
    files[place.as_posix()] = content
    store = make_store(folder, files, f'marketplace = "{known}"\n')
    return odr.build_facts(odr.read_store(store, today=date(2026, 11, 23)))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_goes_all_the_way(tmp_path, sample):
    found = facts(tmp_path, sample, sample.read_bytes())

    jsonschema.validate(json.loads(facts_json(found)), odr.facts_schema())


@pytest.mark.parametrize("sample", TABLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_header_without_rows_goes_all_the_way(tmp_path, sample):
    whole = sample.read_bytes()
    ends = {b"\n": len(whole.split(b"\n")[0]), b"\r": len(whole.split(b"\r")[0])}
    found = facts(tmp_path, sample, whole[: min(ends.values())])

    jsonschema.validate(json.loads(facts_json(found)), odr.facts_schema())
