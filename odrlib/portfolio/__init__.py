"""
Portfolio: many stores side by side, for whoever looks after them all.

It reads finished reports only: of each, a digest of its facts.json, which holds numbers and no
order id. So nothing that is said here of one store can name an order of another.
"""

from odrlib.portfolio.alerts import Alert, Thresholds, exit_code
from odrlib.portfolio.digest import digest, read_digest, write_digest
from odrlib.portfolio.failures import Failure, note_failures, read_failures
from odrlib.portfolio.gather import Portfolio, portfolio, portfolio_schema, portfolio_table

__all__ = [
    "Alert",
    "Failure",
    "Portfolio",
    "Thresholds",
    "digest",
    "exit_code",
    "note_failures",
    "portfolio",
    "portfolio_schema",
    "portfolio_table",
    "read_digest",
    "read_failures",
    "write_digest",
]
