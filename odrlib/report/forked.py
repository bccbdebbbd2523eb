"""
Forked: the kernel that a fork of the warm process becomes.

An IPython kernel as any other, with ipykernel's own shell, displays and messages; only they come
and go over a wire (`odrlib.report.wire`), one cell after the other, and no thread waits beside.
"""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from threading import current_thread
from time import monotonic
from types import SimpleNamespace
from typing import Any

import zmq
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from traitlets import Any as Anything

from odrlib.report.wire import Wire


class _Published:
    """The wire as the socket of what a kernel publishes."""

    def __init__(self, wire: Wire) -> None:
        self.send_multipart = wire.send_multipart

    @property
    def context(self) -> zmq.Context[Any]:
        """What the thread of a socket would need; it is never started."""
        return zmq.Context.instance()


class Stream(OutStream):
    """What a cell prints: sent when it is displayed beside, at the end, or after a while."""

    _sent = 0.0

    def write(self, string: str) -> int:
        """Keep the text, and send whole lines if the last time was some while ago."""
        super().write(string)
        if string.endswith("\n") and monotonic() - self._sent > self.flush_interval:
            self.flush()  # type: ignore[no-untyped-call]
            self._sent = monotonic()
        return len(string)


class ForkedKernel(IPythonKernel):
    """IPython's kernel, answering over a wire."""

    shell_stream = Anything()
    # No thread hands messages on. ipykernel takes this to be so only where there is none at all,
    # and still asks it which thread runs the cells.
    _supports_kernel_subshells = False

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Nothing is in a queue: whoever asks waits for each answer."""


class ForkedKernelApp(IPKernelApp):
    """What starts the kernel: ipykernel's own way, but for its sockets."""

    wire = Anything()
    outstream_class = f"{Stream.__module__}.{Stream.__name__}"

    def init_connection_file(self) -> None:
        """Nobody else is to connect."""

    def write_connection_file(self, **_: Any) -> None:
        """Nobody else is to connect."""

    def init_heartbeat(self) -> None:
        """The end of the wire tells as much."""

    def log_connection_info(self) -> None:
        """There is none."""

    def init_poller(self) -> None:
        """The system ends us with our parent."""

    def init_sockets(self) -> None:
        """What is published goes over the wire at once."""
        self.session.key = b""
        self.iopub_thread = IOPubThread(_Published(self.wire))
        self.iopub_socket = self.iopub_thread.background_socket

    def init_kernel(self) -> None:
        """Make the kernel."""
        self.kernel = ForkedKernel.instance(
            parent=self,
            session=self.session,
            shell_stream=self.wire,
            shell_channel_thread=SimpleNamespace(parent_thread=current_thread()),
            iopub_thread=self.iopub_thread,
            iopub_socket=self.iopub_socket,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
            _execute_sleep=0,
        )
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count

    def start(self) -> None:
        """Answer one message after the other until the wire ends."""
        # Else each message is written out for a log that would not take it.
        self.log.setLevel(self.log_level)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        context = copy_context()  # what a cell sets in it, the next one finds
        while True:
            try:
                parts = self.wire.receive()
            except EOFError:
                return
            message = [zmq.Frame(part) for part in parts]
            loop.run_until_complete(
                loop.create_task(self.kernel.dispatch_shell(message), context=context)
            )
