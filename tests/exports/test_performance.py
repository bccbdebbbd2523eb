"""Amazon's own counts: both spellings of the keys, what is absent stays absent, nothing raises."""

import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odrlib.exports.performance import PERFORMANCE_V2, performance
from odrlib.exports.read import Context, read_file

SAMPLES = Path(__file__).parent / "samples"
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@pytest.fixture
def schema():
    """A report in the shape of Amazon's schema and example."""
    return json.loads((SAMPLES / "performance_v2/US-schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def live():
    """A report as German sellers get it: no counts of defects, statuses and warnings as words."""
    path = SAMPLES / "performance_v2/DE-live-without-counts.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_each_channel_is_a_row_with_its_own_counts(schema):
    mfn, afn = performance(schema, "v2.json")

    assert [(mfn.channel, mfn.orders, mfn.defective), (afn.channel, afn.orders, afn.defective)] == [
        ("mfn", 1200, 14),
        ("afn", 800, 3),
    ]
    assert (mfn.claims, mfn.chargebacks, mfn.negative_feedback) == (8, 1, 7)
    assert (mfn.first, mfn.last) == (date(2026, 8, 30), date(2026, 10, 28))
    assert (mfn.marketplace, mfn.account, mfn.health_status) == ("US", "AT_RISK", "WARNED")


def test_counts_that_the_report_leaves_out_are_unknown_and_not_zero(live):
    for row in performance(live, "v2.json"):
        assert [row.defective, row.claims, row.chargebacks, row.negative_feedback] == [None] * 4
        assert row.rate == 0


def test_the_keys_of_the_example_and_of_the_schema_are_the_same_metric(schema):
    metrics = schema["performanceMetrics"][0]
    spelled = [performance(schema, "v2.json")[0].related]
    metrics["preFulfillmentCancellationRate"] = metrics.pop("prefulfillmentCancelRate")
    metrics["documentRequests"] = metrics.pop("documentRequest")
    spelled.append(performance(schema, "v2.json")[0].related)

    assert {row.name for row in spelled[0]} == {row.name for row in spelled[1]}
    assert {"cancellation_rate", "document_requests"} <= {row.name for row in spelled[0]}


def test_warnings_are_read_as_words_and_as_objects(schema, live):
    assert performance(schema, "v2.json")[0].warnings == ("LATE_SHIPMENT_RATE AT_RISK",)
    assert performance(live, "v2.json")[0].warnings == ("LISTING_POLICY",)


def test_related_metrics_stand_on_the_first_row_of_a_marketplace_only(live):
    first, second = performance(live, "v2.json")

    assert [row.name for row in first.related].count("late_shipment_rate") == 2
    assert second.related == ()


def test_a_status_is_read_and_never_derived(live):
    on_time = next(
        row
        for row in performance(live, "v2.json")[0].related
        if row.name == "on_time_delivery_rate"
    )

    assert on_time.rate < on_time.target
    assert (on_time.status, on_time.orders, on_time.events) == ("GOOD", 7, 3)


def test_v1_takes_the_newest_time_frame_and_knows_no_order_count():
    root = ElementTree.parse(SAMPLES / "performance_v1/US-v1.xml").getroot()
    (row,) = performance(root, "v1.xml")

    assert (row.last, row.claims, row.negative_feedback) == (date(2026, 10, 28), 8, 7)
    assert row.orders is None
    assert {r.name: r.events for r in row.related}["response_within_24_hours"] == 96


@given(JSON, st.sampled_from(["orderDefectRate", "warningStates", "accountHealthRating", "claims"]))
def test_no_document_of_the_right_outline_can_raise(part, key):
    document = {
        "accountStatuses": part,
        "performanceMetrics": [{"marketplaceId": part, key: part, "lateShipmentRate": part}],
    }
    rate = {"orderCount": 5, key: part, "rate": part}
    channel = {"performanceMetrics": [{"orderDefectRate": {"mfn": rate}}]}

    assert performance(document, "v2.json")
    assert len(PERFORMANCE_V2.records(channel)) == len(performance(channel, "v2.json")) == 1


def test_v1_with_a_namespace_is_read_alike(tmp_path):
    plain = (SAMPLES / "performance_v1/US-v1.xml").read_text(encoding="utf-8")
    root = "<sellerPerformanceReports"
    path = tmp_path / "v1.xml"
    path.write_text(
        plain.replace(root, f'{root} xmlns="http://example.com/v1"', 1), encoding="utf-8"
    )
    reading = read_file(path, "exports/v1.xml", Context(today=date(2026, 11, 23)))

    (expected,) = performance(ElementTree.fromstring(plain), "v1.xml")
    assert [expected] == performance(reading.document, "v1.xml")
