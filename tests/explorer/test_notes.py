"""Notes: a finding is added to the ledger whole or not at all, and the report counts it again."""

from datetime import date

import openpyxl
import pytest

import odrlib as odr
from odrlib import chapters
from odrlib.errors import BadParameter, OdrError
from odrlib.explorer import notes
from odrlib.explorer.notes import save_finding
from odrlib.selections import Selection
from tests.stores import make_store, odr_file, order, order_id, orders_file

MARCH = Selection("amazon", "2026-03-01", "2026-03-31", where={"sku": "A; B"})
ON = date(2026, 4, 20)
HEADER = "id,noted_on,name,text,profile,first,last,channel,kind,where,orders,defective,rate\n"


@pytest.fixture
def folder(tmp_path):
    rows = [order(n, "2026-03-10", sku="A; B" if n < 4 else "C") for n in range(1, 11)]
    rows.append(order(11, "2026-04-20"))
    bad = [(order_id(1), "03/10/2026", "A"), (order_id(9), "03/10/2026", "F")]
    files = {"exports/orders.txt": orders_file(rows), "exports/odr.csv": odr_file(bad)}
    return make_store(tmp_path, files)


def written(folder):
    return (folder / "ledger" / "findings.csv").read_bytes()


def test_a_finding_is_a_row_that_can_be_read(folder):
    assert "F01" == save_finding(folder, MARCH, (3, 1), "bad kettle", "ask why", on=ON)
    assert (
        HEADER
        + "F01,2026-04-20,bad kettle,ask why,amazon,2026-03-01,2026-03-31,all,any,"
        + '"sku = ""A; B""",3,1,33.3333%\n'
        == written(folder).decode()
    )


def test_rows_that_are_there_stay_byte_for_byte(folder):
    (folder / "ledger").mkdir()
    mine = (
        "\ufeff" + HEADER.replace(",", ";").replace("\n", "\r\n") + "F07;;=old;;;;;;;;;;"
    ).encode()
    (folder / "ledger" / "findings.csv").write_bytes(mine)

    assert "F08" == save_finding(folder, MARCH, (3, 1), "=1+1", on=ON)
    assert written(folder).startswith(mine + b"\r\nF08;2026-04-20;'=1+1;")


def test_two_findings_have_two_ids_and_the_example_row_has_none(folder):
    odr.init_store(folder)
    assert ["F01", "F02"] == [save_finding(folder, MARCH, (3, 1), name) for name in "ab"]


def test_a_finding_without_a_name_is_refused(folder):
    with pytest.raises(BadParameter, match="give the finding a name"):
        save_finding(folder, MARCH, (3, 1), "  ")
    assert not (folder / "ledger" / "findings.csv").exists()


def test_a_workbook_is_never_written_to(folder):
    (folder / "ledger").mkdir()
    openpyxl.Workbook().save(folder / "ledger" / "Findings.xlsx")

    with pytest.raises(OdrError, match=r"Findings.xlsx holds the findings, and a row cannot be"):
        save_finding(folder, MARCH, (3, 1), "a")
    assert not (folder / "ledger" / "findings.csv").exists()


def test_a_file_that_another_program_changes_meanwhile_is_left_as_it_is(folder):
    (folder / "ledger").mkdir()
    path = folder / "ledger" / "findings.csv"
    path.write_text(HEADER + "theirs\n", encoding="utf-8")

    with pytest.raises(OdrError, match="was changed by another program just now"):
        notes._replace(path, HEADER.encode(), b"ours")
    assert HEADER + "theirs\n" == path.read_text(encoding="utf-8")
    assert [path] == [one for one in path.parent.iterdir() if "new" not in one.name]


def test_the_report_counts_it_again_and_says_that_it_moved(folder):
    save_finding(folder, MARCH, (3, 0), "bad kettle", "ask why", on=ON)
    facts = odr.build_facts(odr.read_store(folder, "2026-04-20"))
    shown = chapters.noted(facts)
    cells = {column["name"]: column["text"][0] for column in shown.data["columns"]}

    assert "1 finding that the analyst noted" == shown.data["caption"]
    assert ("0.00% (0 of 3 orders)", "33.33% (1 of 3 orders)", "yes") == (
        cells["then"],
        cells["today"],
        cells["moved"],
    )
    assert order_id(1) == cells["orders"]
    assert [True] == [row["moved"] for row in facts.as_dict()["noted"]]


def test_what_cannot_be_counted_any_more_says_why(folder):
    save_finding(folder, MARCH.having("supplier", "X"), (3, 0), "lost", on=ON)
    facts = odr.build_facts(odr.read_store(folder, "2026-04-20"))
    row = facts.as_dict()["noted"][0]

    assert (None, None, "no file tells the column 'supplier' now") == (
        row["orders"],
        row["moved"],
        row["why"],
    )


def test_without_a_ledger_nothing_was_noted(folder):
    facts = odr.build_facts(odr.read_store(folder, "2026-04-20"))

    assert [] == facts.as_dict()["noted"]
    assert "Nothing was noted: odr.explore names a selection and keeps it in the ledger." == (
        chapters.noted(facts).text
    )
