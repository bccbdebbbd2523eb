"""
Forked: the kernel that a fork of the warm process becomes.

An IPython kernel as any other, with ipykernel's own shell, displays and messages; only they come
and go over a wire (`odrlib.report.wire`), one cell after the other, and no thread waits beside. It
is made before the fork, all but what belongs to one process: streams, loop and wire.
"""

from __future__ import annotations

import asyncio
import os
from contextvars import copy_context
from threading import current_thread
from time import monotonic
from types import SimpleNamespace
from typing import Any, Self

import zmq
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from traitlets import Any as Anything

from odrlib.report.kernel import QUIET
from odrlib.report.wire import Wire

BACKEND = "MPLBACKEND"  # ipykernel tells matplotlib by it to draw into the notebook


class _Line:
    """The wire, once there is one, as what ipykernel takes for a socket."""

    wire: Wire

    def send_multipart(self, parts: list[bytes], **_: Any) -> None:
        """Send a message."""
        self.wire.send_multipart(parts)

    @property
    def context(self) -> zmq.Context[Any]:
        """What the thread of a socket would need; it is never started."""
        return zmq.Context.instance()


class Stream(OutStream):
    """What a cell prints: sent when it is displayed beside, at the end, or after a while."""

    _sent = 0.0

    def write(self, string: str) -> int:
        """Keep the text, and send whole lines if the last time was some while ago."""
        super().write(_sendable(string))
        if string.endswith("\n") and monotonic() - self._sent > self.flush_interval:
            self.flush()  # type: ignore[no-untyped-call]
            self._sent = monotonic()
        return len(string)


def _sendable(text: str) -> str:
    """The text, with half characters written out, which no message can hold."""
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    except AttributeError:
        pass  # no text at all: ipykernel says so
    return text


class ForkedKernel(IPythonKernel):
    """IPython's kernel, answering over a wire."""

    shell_stream = Anything()
    # No thread hands messages on. ipykernel takes this to be so only where there is none at all,
    # and still asks it which thread runs the cells.
    _supports_kernel_subshells = False

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Nothing is in a queue: whoever asks waits for each answer."""


class ForkedKernelApp(IPKernelApp):
    """What makes the kernel: ipykernel's own way, but for its sockets."""

    outstream_class = f"{Stream.__module__}.{Stream.__name__}"

    @classmethod
    def made(cls) -> Self:
        """The kernel, but for what belongs to one process."""
        app = cls.instance()
        app.initialize([*QUIET])  # type: ignore[no-untyped-call]
        return app

    def answer(self, wire: Wire) -> None:
        """In the process that is to be the kernel: answer all messages until the wire ends."""
        self.line.wire = wire
        self.session.pid = os.getpid()
        self.iopub_thread = IOPubThread(self.line)
        os.environ.setdefault(BACKEND, self.backend)
        super().init_io()  # type: ignore[no-untyped-call]
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count
        # Else each message is written out for a log that would not take it.
        self.log.setLevel(self.log_level)
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        context = copy_context()  # what a cell sets in it, the next one finds
        while True:
            try:
                parts = wire.receive()
            except EOFError:
                return
            message = [zmq.Frame(part) for part in parts]
            loop.run_until_complete(
                loop.create_task(self.kernel.dispatch_shell(message), context=context)
            )

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

    def init_io(self) -> None:
        """Streams have threads and zmq's sockets: not before the fork."""

    def init_sockets(self) -> None:
        """What is published goes over the wire at once."""
        self.iopub_socket = self.line = _Line()
        self.session.key = b""

    def init_gui_pylab(self) -> None:
        """As ipykernel; what it tells matplotlib is kept, for the environment will be another."""
        super().init_gui_pylab()  # type: ignore[no-untyped-call]
        self.backend = os.environ[BACKEND]

    def init_kernel(self) -> None:
        """Make the kernel."""
        self.kernel = ForkedKernel.instance(
            parent=self,
            session=self.session,
            shell_stream=self.line,
            shell_channel_thread=SimpleNamespace(parent_thread=current_thread()),
            iopub_socket=self.iopub_socket,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
            _execute_sleep=0,
        )
