"""
The errors that stop a run. What is merely wrong in the input is a `Finding`, never an error.

OdrError
├── BadStore          the store folder or its store.toml cannot be used
├── BadParameter      a command, notebook or function was called with an unusable value
├── MissingExport     a question was asked that no file in the folder can answer
├── ReportFailed      a notebook run did not reach its end, so no report was written
└── NoBrowser         no browser on this machine can print a page
"""

from __future__ import annotations

from pathlib import Path


class OdrError(Exception):
    """
    Anything odrlib refuses to do, with the next step in the message.

    `notebook` is the executed notebook with the error in it, where a run left one.
    """

    notebook: Path | None = None


class BadStore(OdrError):
    """The store folder or its store.toml cannot be used."""


class BadParameter(OdrError, ValueError):
    """A command, notebook or function was called with an unusable value."""


class MissingExport(OdrError):
    """A question was asked that no file in the folder can answer."""


class ReportFailed(OdrError):
    """A notebook run did not reach its end, so no report was written."""


class NoBrowser(OdrError):
    """No browser on this machine that can print a page."""
