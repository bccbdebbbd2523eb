"""A store is run again if anything it was made from changed, and only then."""

import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from little_report import END, FACTS

from odrlib.demo import write_store
from odrlib.languages import LANGUAGES, speaking, tr
from odrlib.languages.messages import messages
from odrlib.report import build_report, notebook_path, resume
from odrlib.report.forking import can_fork
from odrlib.report.resume import inputs, unchanged

pytestmark = pytest.mark.slow
READ = """
for path in sorted(Path(store, "exports").rglob("*")):
    if path.is_file():
        path.read_bytes()
"""


@pytest.fixture
def made(tmp_path, notebook, store):
    """A store with a file of each kind, and a function that runs it as a batch would."""
    folder = store("a")
    for name in ("exports/orders.txt", "ledger/claims.csv", "evidence/1/scan.txt",
                 "appeals/exempted.csv", "stray.csv"):  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("one", encoding="utf-8")
    path = notebook(FACTS, READ, END)

    def run(**options):
        return build_report(
            folder, tmp_path / "reports", **{"notebook": path, "force": False} | options
        )

    assert run().status == "made"
    run.folder = folder
    return run


def test_a_store_of_which_nothing_changed_is_not_run_again(made):
    again = made()

    assert again.status == "unchanged"
    assert again.page.is_file()
    assert again.as_of == "2026-03-01"
    assert made(force=True).status == "made"


# A copy that keeps times, or a clock that was set back, changes neither size nor time.
def _same_size_same_time(folder):
    path = folder / "exports/orders.txt"
    about = path.stat()
    path.write_text("two", encoding="utf-8")
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


STORE = 'id = "a"\nmarketplace = "DE"\n'
CHANGES = {
    "an export": lambda f: (f / "exports/orders.txt").write_text("two"),
    "an export, as big and as old": _same_size_same_time,
    "a new export": lambda f: (f / "exports/new.txt").write_text("two"),
    "an export less": lambda f: (f / "exports/orders.txt").unlink(),
    "an export's name": lambda f: (f / "exports/orders.txt").rename(f / "exports/b.txt"),
    "an export in a hidden folder": lambda f: shutil.copytree(f / "exports", f / "exports/.x"),
    "a ledger": lambda f: (f / "ledger/claims.csv").write_text("two"),
    "evidence": lambda f: (f / "evidence/1/scan.txt").write_text("two"),
    "an empty folder for an order": lambda f: (f / "evidence/2").mkdir(),
    "a link in the evidence": lambda f: (f / "evidence/1/link").symlink_to("scan.txt"),
    "what an appeal took off": lambda f: (f / "appeals/exempted.csv").write_text("two"),
    "a stray file more": lambda f: (f / "other.csv").write_text("two"),
    "store.toml": lambda f: (f / "store.toml").write_text(STORE),
    "a store beside": lambda f: shutil.copytree(f, f.parent / "b"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_each_kind_of_change_makes_it_run_again(made, change):
    change(made.folder)

    assert made().status == "made"
    assert made().status == "unchanged"


@pytest.mark.parametrize(
    "options", [{"as_of": "2026-02-01"}, {"profile": "brief"}, {"language": "zh"}], ids=str
)
def test_other_parameters_make_it_run_again(made, options):
    assert made(**options).status == "made"
    assert made(**options).status == "unchanged"


def test_another_notebook_makes_it_run_again(made, notebook):
    assert made(notebook=notebook(FACTS, READ, "1", END, name="other")).status == "made"


@pytest.mark.parametrize("what", ["code", "libraries"])
def test_other_code_makes_it_run_again(made, monkeypatch, what):
    name = {"code": "sources", "libraries": "libraries"}[what]
    monkeypatch.setattr(resume, name, {"code": lambda: "x", "libraries": dict}[what])

    assert made().status == "made"


@pytest.mark.parametrize("name", ["report.html", "facts.json", "report.ipynb", "run.json"])
@pytest.mark.parametrize("harm", ["gone", "cut"])
def test_a_damaged_report_is_made_again(made, name, harm):
    path = made().folder / name
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-9])

    assert made().status == "made"
    assert made().status == "unchanged"


def test_what_only_lies_there_does_not_make_it_run_again(made):
    (made.folder / "stray.csv").write_text("its content is not read")
    (made.folder / "exports/~$orders.xlsx").write_text("Excel has it open")
    (made.folder / "exports/.DS_Store").write_text("the desktop's")
    (made.folder / "notes").mkdir()
    (made.folder / "appeals/lock").write_text("")

    assert made().status == "unchanged"


def test_a_report_is_of_its_day_unless_the_clock_told_nothing(tmp_path, made):
    path = notebook_path()
    now = inputs(made.folder, tmp_path / "out", {}, path)
    home = tmp_path / "home"
    room = home / "2026-03-01"
    room.mkdir(parents=True)

    def told(day, cell):
        (room / "defects.csv").write_text(cell)
        there = replace(now, day=day)
        beside = resume.beside(made.folder, {})
        record = resume.record(there, beside, room, {"as_of": "2026-03-01"}, own=True)
        (room / "run.json").write_text(json.dumps(record))
        return [
            unchanged(replace(now, day=later), home, made.folder) is not None
            for later in ("2026-04-01", "2026-04-02", "2026-03-31")
        ]

    # The same day, the next day, and a clock that was set back.
    assert told("2026-04-01", "fine") == [True, True, False]
    assert told("2026-04-01", "remedy-in-future") == [True, False, False]
    assert told("2026-03-01", "fine")[1] is False


def test_a_file_that_changes_while_it_is_read_makes_no_report(tmp_path, notebook, store):
    folder = store("a")
    (folder / "exports").mkdir()
    (folder / "exports/orders.txt").write_text("one")
    path = notebook(FACTS, "Path(store, 'exports/orders.txt').write_text('two')", END)

    with pytest.raises(Exception, match=r"exports/orders\.txt: changed while being read"):
        build_report(folder, tmp_path / "reports", notebook=path)
    assert [p.name for p in (tmp_path / "reports/a").iterdir()] == ["failed"]


@pytest.mark.parametrize("change", ["appears", "vanishes"])
def test_a_file_that_comes_or_goes_meanwhile_makes_no_report(tmp_path, notebook, store, change):
    folder = store("a")
    (folder / "exports").mkdir()
    (folder / "exports/orders.txt").write_text("one")
    act = {
        "appears": "Path(store, 'exports/late.txt').write_text('two')",
        "vanishes": "Path(store, 'exports/orders.txt').unlink()",
    }[change]

    with pytest.raises(Exception, match="changed while being read"):
        build_report(folder, tmp_path / "reports", notebook=notebook(FACTS, act, END))
    assert [p.name for p in (tmp_path / "reports/a").iterdir()] == ["failed"]


# -- the stores beside --------------------------------------------------------------------------


@pytest.fixture
def pair(tmp_path, notebook, store):
    """A store whose notebook asks the store beside, and a function that runs it."""
    mine, other = store("a"), store("b")
    for folder in (mine, other):
        for name in ("exports/orders.txt", "evidence/1/scan.txt"):
            (folder / name).parent.mkdir(parents=True)
            (folder / name).write_text("one", encoding="utf-8")

    written = {}

    def run(*cells):
        if cells not in written:
            beside = "import os\nbeside = Path(store).parent / 'b'"
            written[cells] = notebook(FACTS, beside, *cells, END)
        return build_report(mine, tmp_path / "reports", notebook=written[cells], force=False)

    run.other = other
    return run


LISTED = "sizes = [p.stat().st_size for p in (beside / 'evidence').rglob('*')]"
SEARCHED = "found = [p.read_bytes() for p in (beside / 'exports').rglob('*')]"


@pytest.mark.parametrize(
    ("cell", "change", "status"),
    [
        ("1", "exports/orders.txt", "unchanged"),
        ("1", "evidence/1/scan.txt", "unchanged"),
        (LISTED, "exports/orders.txt", "unchanged"),
        (LISTED, "evidence/1/scan.txt", "made"),
        (SEARCHED, "exports/orders.txt", "made"),
        (SEARCHED, "evidence/1/scan.txt", "unchanged"),
        ("(beside / 'notes.txt').exists() or os.listdir(beside)", "notes.txt", "made"),
    ],
)
def test_of_a_store_beside_counts_what_the_run_asked_of_it(pair, cell, change, status):
    assert pair(cell).status == "made"
    assert pair(cell).status == "unchanged"
    (pair.other / change).write_text("two", encoding="utf-8")

    assert pair(cell).status == status


def test_a_report_names_nothing_of_the_stores_beside(pair):
    result = pair(LISTED, SEARCHED)

    told = (result.folder / "run.json").read_text(encoding="utf-8")
    assert json.loads(told)["beside"]["asked"] != {}
    assert '"b"' not in told
    assert "b/" not in told
    assert str(pair.other) not in told


def test_what_the_real_report_opens_is_all_in_its_fingerprint(tmp_path):
    """Every file that Python opens under the stores' folder, by an audit hook in the kernel."""
    folder = write_store(tmp_path / "stores/mine", 300)
    shutil.copytree(folder, tmp_path / "stores/other")
    (folder / "appeals").mkdir()
    (folder / "appeals/exempted.csv").write_text("order_id\n")
    nb = json.loads(notebook_path().read_text(encoding="utf-8"))
    look = (
        "import sys, os, json\nopened = set()\n"
        "sys.addaudithook(lambda event, given: event == 'open' and isinstance(given[0], (str, os."
        "PathLike)) and opened.add(os.path.abspath(given[0])))"
    )
    tell = "open('opened.json', 'w').write(json.dumps(sorted(opened)))"
    for place, source in ((1, look), (-1, tell)):
        cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
                "id": f"look{place}", "source": source}  # fmt: skip
        nb["cells"].insert(place, cell)
    path = tmp_path / "looking.ipynb"
    path.write_text(json.dumps(nb), encoding="utf-8")

    result = build_report(folder, tmp_path / "reports", notebook=path)

    opened = [Path(name) for name in json.loads((result.folder / "opened.json").read_text())]
    own = {
        p.relative_to(folder).as_posix() for p in opened if p.is_relative_to(folder) and p.exists()
    }
    told = json.loads((result.folder / "run.json").read_text(encoding="utf-8"))
    assert len(own) > 10
    assert own - set(told["files"]) == set()
    beside = {p.relative_to(tmp_path / "stores").parts[1] for p in opened
              if p.is_relative_to(tmp_path / "stores/other")}  # fmt: skip
    rooms = {"store.toml": "", "evidence": "evidence", "exports": "known", "ledger": "known"}
    asked = {room for rooms_ in told["beside"]["asked"].values() for room in rooms_}
    assert {rooms[name] for name in beside} - {""} <= asked


@pytest.mark.skipif(not can_fork() or sys.platform != "linux", reason="needs a pipe with a name")
def test_a_pipe_in_the_folder_does_not_hang_the_fingerprint(tmp_path, store):
    folder = store("a")
    (folder / "exports").mkdir()
    os.mkfifo(folder / "exports/pipe.txt")

    assert (
        inputs(folder, tmp_path / "out", {}, notebook_path()).files["exports/pipe.txt"] == "no file"
    )


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_sentence_of_a_day_to_come_is_known_as_one(spoken):
    """In whatever language: a report that says such a thing is made again on a later day."""
    with speaking(spoken):
        said = [tr(one.text) for one in messages() if "which lies in the future" in one.text]

    assert len(said) >= 5
    assert [] == [text for text in said if not any(word in text.encode() for word in resume.EARLY)]


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and files with holes")
def test_a_link_in_a_circle_and_a_file_that_nobody_reads_are_fingerprinted_at_once(tmp_path, store):
    folder = store("a")
    (folder / "exports").mkdir()
    (folder / "exports/circle").symlink_to("circle")
    with open(folder / "exports/endless.txt", "wb") as file:
        file.truncate(1 << 43)

    found = inputs(folder, tmp_path / "out", {}, notebook_path()).files

    assert found["exports/endless.txt"] == f"not read ({1 << 43} bytes)"
    assert found["exports/circle"].startswith("link ")
