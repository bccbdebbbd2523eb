"""
Asking: runs the cells of a notebook in a forked kernel.

nbclient's client asks a kernel over sockets, waits for each with tasks of its own, and copies what
it hears; beside a forked kernel that took as long as a tenth of the report. This one writes a cell
to the wire and reads what comes until the kernel is idle. What the messages mean, and what becomes
of them in the notebook, nbclient and papermill say as ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from jupyter_client.session import DELIM, Session
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_hook, run_sync
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient

from odrlib.report.forking import ForkedKernel
from odrlib.report.wire import Wire

LOOK = 1.0  # seconds after which to see whether the kernel lives that says nothing
_JSON = re.compile(r"application/(.*\+)?json$")  # may hold anything, says nbformat's schema
_HEADER, _PARENT, _METADATA, _CONTENT, _BUFFERS = range(1, 6)  # after a signature


class _Line:
    """What nbclient and its widgets ask of a kernel client."""

    allow_stdin = False

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.session = Session()
        self.shell_channel = self

    def send(self, message: dict[str, Any]) -> str:
        """Send a message; its id."""
        try:
            self.session.send(self.wire, message)  # type: ignore[arg-type]  # it wants this method
        except OSError as error:
            raise DeadKernelError("Kernel died") from error
        identity: str = message["header"]["msg_id"]
        return identity

    def execute(self, code: str, *, stop_on_error: bool = True) -> str:
        """Ask for a cell to be run; the id of the request."""
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": stop_on_error,
        }
        return self.send(self.session.msg("execute_request", content))

    def kernel_info(self) -> str:
        """Ask what the kernel is; the id of the request."""
        return self.send(self.session.msg("kernel_info_request"))

    def hear(self) -> dict[str, Any]:
        """The next message of the kernel; EOFError if it has ended."""
        parts = self.wire.receive()
        told = parts[parts.index(DELIM) + 1 :]
        header = self.session.unpack(told[_HEADER])
        return {
            "header": header,
            "msg_id": header["msg_id"],
            "msg_type": header["msg_type"],
            "parent_header": self.session.unpack(told[_PARENT]),
            "metadata": self.session.unpack(told[_METADATA]),
            "content": self.session.unpack(told[_CONTENT]),
            "buffers": [memoryview(part) for part in told[_BUFFERS:]],
        }


class ForkedClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill brings no types
    """papermill's client for one forked kernel, which ends with the run."""

    def __init__(self, nb_man: Any, kernel: ForkedKernel, **options: Any) -> None:
        super().__init__(nb_man, **options)
        self.kernel = kernel

    @contextmanager
    def setup_kernel(self, **_: Any) -> Iterator[None]:
        """The kernel is there; it ends here."""
        self.kc = _Line(self.kernel.wire)
        try:
            yield
        except BaseException:
            self.kernel.end()  # it may be writing
            raise
        self.kernel.end(patience=0)

    async def async_execute_cell(
        self, cell: NotebookNode, cell_index: int, **_: Any
    ) -> NotebookNode:
        """Run a cell; DeadKernelError, CellTimeoutError, or CellExecutionError if it fails."""
        hook = {"cell": cell, "cell_index": cell_index}
        tags = cell.metadata.get("tags", [])
        await run_hook(self.on_cell_start, **hook)
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        goes_on = not self.force_raise_errors and (self.allow_errors or "raises-exception" in tags)
        await run_hook(self.on_cell_execute, **hook)
        asked = self.kc.execute(cell.source, stop_on_error=not goes_on)
        await run_hook(self.on_cell_complete, **hook)
        self.code_cells_executed += 1
        cell.outputs = []
        self.clear_before_next_output = False
        reply = self._answer(asked, cell, cell_index)
        await run_hook(self.on_cell_executed, **hook, execute_reply=reply)
        await self._check_raise_for_error(cell, cell_index, reply)
        return cell

    execute_cell = run_sync(async_execute_cell)

    def wait_for_reply(self, asked: str, cell: NotebookNode | None = None) -> dict[str, Any]:
        """The reply to a request other than to run a cell."""
        return self._answer(asked, cell)

    _wait_for_reply = wait_for_reply

    def output(
        self, outs: list[NotebookNode], message: dict[str, Any], display: str | None, index: int
    ) -> NotebookNode | None:
        """As nbclient, but what is shown stays as it came, which no node for each dict would be."""
        shown = message["content"].get("data")
        if not shown or not _is_sound(shown) or self.output_hook_stack[_asked(message)]:
            return super().output(outs, message, display, index)  # type: ignore[no-any-return]
        bare = {**message, "content": {**message["content"], "data": {}}}
        out: NotebookNode | None = super().output(outs, bare, display, index)
        if out is not None:
            dict.__setitem__(out, "data", shown)
        return out

    def _answer(
        self, asked: str, cell: NotebookNode | None, index: int | None = None
    ) -> dict[str, Any]:
        """Take in what the kernel says until it has done what it was asked; its reply."""
        timeout = self._get_timeout(cell)
        until = None if timeout is None else monotonic() + timeout
        reply = None
        while True:
            message = self._hear(until)
            if message is None:
                raise CellTimeoutError.error_from_timeout_and_cell(
                    "Cell execution timed out", timeout, cell or NotebookNode(source="")
                )
            if _asked(message) != asked:
                continue  # of a thread that an earlier cell left behind
            kind, content = message["msg_type"], message["content"]
            if kind.endswith("_reply"):
                reply = message
            elif kind == "status" and content["execution_state"] == "idle":
                if reply is None:
                    raise DeadKernelError("Kernel could not answer")
                return reply
            elif index is not None:
                self.process_message(message, cell, index)

    def _hear(self, until: float | None) -> dict[str, Any] | None:
        """The next message, None if there is none until then; DeadKernelError if none can come."""
        while True:
            left = LOOK if until is None else min(LOOK, until - monotonic())
            if left <= 0:
                return None
            try:
                if self.kernel.wire.waits(left):
                    return self.kc.hear()
            except (EOFError, OSError, ValueError, LookupError) as error:  # cut, or garbled
                raise DeadKernelError("Kernel died") from error
            # A process that a cell left behind may hold the wire open.
            if self.kernel.poll() is not None and not self.kernel.wire.waits(0):
                raise DeadKernelError("Kernel died")


def _asked(message: dict[str, Any]) -> str | None:
    """The request that a message belongs to."""
    asked: str | None = message["parent_header"].get("msg_id")
    return asked


def _is_sound(shown: dict[str, Any]) -> bool:
    """Is it what a notebook can hold, without asking nbformat's schema?"""
    return all(isinstance(value, str) or _JSON.match(kind) for kind, value in shown.items())
