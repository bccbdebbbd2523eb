"""Batch: the reports of many stores, side by side, and the index that ranks them."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from odrlib import words
from odrlib.errors import BadParameter, BadStore, MissingExport, OdrError
from odrlib.finding import count
from odrlib.languages import speaking, tr
from odrlib.policy import CHANNELS, PROFILES, Profile
from odrlib.rates import Rate
from odrlib.report import kernel
from odrlib.report.forking import warmed
from odrlib.report.run import FACTS, PAGE, ReportResult, build_report, notebook_path
from odrlib.settings import read_settings
from odrlib.words.standing import cause_name

INDEX = "index.html"
WARM_FROM = 5  # stores from which on warming up takes less time than it saves
RANK = {"over": 0, "unknown": 1, "under": 2}


def build_reports(
    stores: Sequence[str | Path],
    out: str | Path = "reports",
    *,
    jobs: int | None = None,
    executor: Executor | None = None,
    bar: bool | None = None,
    **options: Any,
) -> list[ReportResult]:
    """
    The reports of many stores; a store that fails does not stop the others.

    Parameters
    ----------
    stores : store folders, each with an id of its own
    jobs : reports made at the same time; as many as there are processors by default
    executor : runs the jobs instead, such as `dask.distributed.Client(…).get_executor()`
    bar : a progress bar on stderr; by default where a person watches
    options : as for `build_report`

    Returns the results in the order of `stores`, and writes `out/index.html` for several stores.
    """
    _check_ids(stores)
    results: dict[int, ReportResult] = {}
    # Each report runs in a kernel, which is a process of its own: threads only wait for them.
    pool = executor or ThreadPoolExecutor(min(jobs or os.cpu_count() or 1, max(1, len(stores))))
    path = Path(options.get("notebook") or notebook_path())
    # Another machine has no warm process of ours, and for a few stores it does not pay.
    warming = warmed(path) if not executor and len(stores) >= WARM_FROM else nullcontext("")
    done_cells = dict.fromkeys(range(len(stores)), 0.0)
    step = 1 / (1 + _cells(path))
    with (
        warming as warm,
        nullcontext(pool) if executor else pool,
        _bar(len(stores), bar) as shown,
    ):

        def tick(number: int, done: float) -> None:
            done_cells[number] = done
            shown.n = sum(done_cells.values())
            shown.refresh()

        def ticking(number: int) -> dict[str, Any]:
            # Another machine's workers cannot call us back.
            each = {"progress": lambda: tick(number, done_cells[number] + step), "warm": warm}
            return options if executor else each | options

        waiting = {
            pool.submit(attempt, str(store), str(out), ticking(number)): number
            for number, store in enumerate(stores)
        }
        try:
            for done in as_completed(waiting):
                number = waiting[done]
                error = done.exception()
                results[number] = _failed(stores[number], error) if error else done.result()
                tick(number, 1.0)
        except KeyboardInterrupt:
            for future in waiting:
                future.cancel()
            kernel.stop()
            raise
    ranked = [results[number] for number in range(len(stores))]
    if len(stores) > 1:
        write_index(ranked, out, options.get("language", ""))
    return ranked


def attempt(store: str, out: str, options: Mapping[str, Any]) -> ReportResult:
    """One report; what stops it is told in the result. A job for any executor."""
    try:
        return build_report(store, out, **options)
    except OdrError as error:
        return _failed(store, error)


def exit_code(results: Sequence[ReportResult]) -> int:
    """
    What a command ends with: 0 if every report was made, 3 if only some were.

    If none was: 2 where the input was at fault each time, else 1.
    """
    failed = [result for result in results if result.error]
    if not failed:
        return 0
    if len(failed) < len(results):
        return 3
    return 2 if all(result.bad_input for result in failed) else 1


def _failed(store: str | Path, error: BaseException) -> ReportResult:
    why = str(error) if isinstance(error, OdrError) else f"{type(error).__name__}: {error}"
    name = Path(store).resolve().name
    bad = isinstance(error, (BadStore, BadParameter, MissingExport))
    return ReportResult(store=Path(store), id=name, name=name, error=why, bad_input=bad)


def _check_ids(stores: Sequence[str | Path]) -> None:
    """Two stores with one id would overwrite each other's reports."""
    seen: dict[str, str | Path] = {}
    for store in stores:
        try:
            key = read_settings(Path(store)).id.casefold()
        except OdrError:
            continue  # told as this store's failure
        if key in seen:
            raise BadParameter(
                tr("{first} and {second} have the same id {id!r}; "
                   "give one of them another id in its store.toml",
                   first=seen[key], second=store, id=key)
            )  # fmt: skip
        seen[key] = store


def _bar(total: int, wanted: bool | None) -> Any:
    from tqdm import tqdm

    # tqdm itself looks whether stderr is a terminal when `disable` is None.
    disable = None if wanted is None else not wanted
    form = "reports {percentage:3.0f}% |{bar}| {n:.1f} of {total} [{elapsed}]"
    return tqdm(total=total, bar_format=form, disable=disable)


def _cells(notebook: str | Path) -> int:
    """How many code cells a notebook has."""
    cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    return sum(cell["cell_type"] == "code" for cell in cells)


# -- the index ----------------------------------------------------------------------------------


def write_index(results: Sequence[ReportResult], out: str | Path, language: str = "") -> Path:
    """
    Write `out/index.html`, the worst store first and the failed ones at the end.

    It speaks the language asked for, else the one that the reports share, else English.
    """
    from odrlib.report import templates
    from odrlib.report.page import empty_page

    made = [result for result in results if result.folder]
    shared = {read_settings(result.store).language for result in made}
    language = language or (shared.pop() if len(shared) == 1 else "en")
    labels = templates.words(language)
    with speaking(language):
        stores = sorted((_entry(result) for result in made), key=lambda entry: entry["rank"])
        profiles = [tr(profile.title) for profile in PROFILES.values()]
    page = empty_page(labels["index_title"].format(count=len(results)), language)
    html = (
        templates.environment()
        .get_template("stores.html.j2")
        .render(
            page=page,
            words=labels,
            profiles=profiles,
            stores=stores,
            failed=[result for result in results if result.error],
        )
    )
    path = Path(out) / INDEX
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".index-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(html)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
    return path


def _entry(result: ReportResult) -> dict[str, Any]:
    """One store as the index shows it; `rank` sorts the worst first."""
    facts = json.loads((result.folder / FACTS).read_text(encoding="utf-8"))
    profiles = {name: facts["profiles"][name] for name in PROFILES}
    parts = [profile["all"] for profile in profiles.values()]
    causes = facts.get("causes") or []
    # Amazon counts the channels apart: one of them over the limit is a store over the limit.
    apart = any(map(_channels_over, profiles.values()))
    worst = RANK["over"] if apart else min(RANK[part["status"]] for part in parts)
    return {
        "name": result.name,
        "link": f"{result.id}/{result.as_of}/{PAGE}",
        "marketplace": read_settings(result.store).marketplace,
        "as_of": result.as_of,
        "parts": [_part(PROFILES[name], profile) for name, profile in profiles.items()],
        "cause": _cause(causes[0]) if causes else {},
        "rank": (worst, -max(part["rate"] or 0 for part in parts), result.id),
    }


def _part(rule: Profile, profile: Mapping[str, Any]) -> dict[str, Any]:
    part = profile["all"]
    rate = part["rate"]
    known = part["defective"] is not None and part["orders"] is not None
    counts = words.counts(rule, Rate(part["defective"], part["orders"])) if known else "–"
    apart = [] if part["status"] == "over" else _channels_over(profile)
    return {
        "rate": "–" if rate is None else f"{rate:.2%}",
        "status": part["status"],
        "counts": [
            counts,
            *(tr("{channel} over", channel=tr(words.CHANNEL_NAMES[name])) for name in apart),
        ],
    }


def _channels_over(profile: Mapping[str, Any]) -> list[str]:
    return [name for name in CHANNELS[1:] if profile[name]["status"] == "over"]


def _cause(cause: Mapping[str, Any]) -> dict[str, str]:
    counts = tr("{defective:,} of {orders}",
        defective=cause["defective"], orders=count(cause["orders"], "order"),
    )  # fmt: skip
    return {"where": words.capital(cause_name(cause["where"])), "counts": counts}
