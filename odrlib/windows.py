"""Windows: which order days each profile counts on the as-of day, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from odrlib.exports.performance import Performance
from odrlib.languages import tr
from odrlib.policy import Profile
from odrlib.rates import Window, named_profile
from odrlib.store import Store

# A performance report that ends further away says nothing about the window of the as-of day.
REPORT_AGE_DAYS = 45


@dataclass(frozen=True)
class WindowChoice:
    """The window of a profile and the sentence that says where its end comes from."""

    window: Window
    lag: int
    reason: str


def profile_window(store: Store, profile: str | Profile) -> WindowChoice:
    """
    The order days that the profile counts on the store's as-of day.

    Amazon's window ends where its newest performance report (or the figure typed into store.toml)
    says; without one it ends `lag_days` before the as-of day, which is a stated assumption.
    """
    profile = named_profile(profile)
    if not profile.lag:
        window = Window.ending(store.as_of, profile.days)
        reason = tr("the as-of day and the {days} days before it", days=profile.days - 1)
        return WindowChoice(window, 0, reason)
    # A day that was asked for knows no later report; the last day of the orders is no such day.
    until = store.as_of if store.as_of_reason == "given" else date.max
    report = newest_report(store.performance, store.settings.marketplace, store.as_of, until)
    if report is not None and report.last is not None:
        window = Window.ending(report.last, profile.days)
        lag = max(0, (store.as_of - report.last).days)
        reason = tr("Amazon's own range in {source}", source=report.source)
        return WindowChoice(window, lag, reason)
    lag = store.settings.lag_days
    window = Window.ending(store.as_of - timedelta(days=lag), profile.days)
    reason = tr(
        "assumed: as-of minus {days} days; a performance report would say the true end", days=lag
    )
    return WindowChoice(window, lag, reason)


def newest_report(
    rows: tuple[Performance, ...], marketplace: str, as_of: date, until: date
) -> Performance | None:
    """The newest row of this marketplace that ends 45 days or less from `as_of`, by `until`."""
    fit = [
        row
        for row in rows
        if row.marketplace == marketplace
        and row.last is not None
        and abs((as_of - row.last).days) <= REPORT_AGE_DAYS
        and row.last <= until
    ]
    return max(fit, key=lambda row: (row.last, row.channel == "mfn", row.source), default=None)
