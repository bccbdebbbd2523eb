"""Attempt: one report, and what stops it told in the result instead of raised. A job for anyone."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from odrlib.errors import BadParameter, BadStore, MissingExport, OdrError
from odrlib.report.failure import TimedOut
from odrlib.report.forking import answers
from odrlib.report.run import ReportResult, build_report
from odrlib.settings import read_settings


def attempt(store: str, out: str, options: Mapping[str, Any]) -> ReportResult:
    """One report; what stops it is told in the result. A job for any executor."""
    try:
        try:
            return build_report(store, out, **options)
        except OdrError:
            warm = options.get("warm")
            # The warm process took its kernels with it: that is no fault of this store.
            if warm and Path(warm).exists() and not answers(warm):
                return build_report(store, out, **{**options, "warm": ""})
            raise
    except OdrError as error:
        return failed(store, error)


def failed(store: str | Path, error: BaseException) -> ReportResult:
    """The result of a store without a report, and why."""
    why = str(error) if isinstance(error, OdrError) else f"{type(error).__name__}: {error}"
    id_ = name = Path(store).absolute().name
    with suppress(OdrError, OSError):
        settings = read_settings(Path(store))
        id_, name = settings.id, settings.title
    return ReportResult(
        store=Path(store),
        id=id_,
        name=name,
        error=why,
        bad_input=isinstance(error, (BadStore, BadParameter, MissingExport)),
        status="timed-out" if isinstance(error, TimedOut) else "failed",
        failed_notebook=getattr(error, "notebook", None),
    )
