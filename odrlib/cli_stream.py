"""
Stream: what the commands print, without the signs by which a text could steer a terminal.

A file name or a cell may hold escape sequences that clear the screen, retitle the window or turn
letters round. They are printed as signs that can be seen; everything else as it is.
"""

from __future__ import annotations

import io
import sys

from odrlib.harmless import seen


class Plain(io.TextIOWrapper):
    """A text stream in UTF-8 on which nothing but letters, line ends and tabs arrives."""

    def write(self, text: str) -> int:
        """Write the text; a progress bar may begin at the start of the line again."""
        start = text[:1] if text[:1] == "\r" else ""
        return super().write(start + seen(text[len(start) :]))


def protect_terminal() -> None:
    """Print in UTF-8, whatever the console is set to, and nothing that steers it."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper) and not isinstance(stream, Plain):
            stream.flush()
            plain = Plain(
                stream.detach(),
                encoding="utf-8",
                errors="replace",
                line_buffering=stream.line_buffering,
                write_through=stream.write_through,
            )
            setattr(sys, name, plain)
