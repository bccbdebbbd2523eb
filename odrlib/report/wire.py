"""
Wire: Jupyter messages between a report and its forked kernel, in order over one socket.

A kernel that everybody may connect to has five sockets and four threads that hand each message on.
This one belongs to one report, asked by one process, so a message is a list of byte strings in one
direction or the other, and no signature is asked for: the socket has no name and two ends.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any

_NUMBER = struct.Struct("!Q")


class ProcessLock:
    """
    Held by one thread of one of several forked processes; the system takes it from one that dies.

    Linux only, as forked kernels are.
    """

    def __init__(self) -> None:
        import fcntl  # no Windows has it

        self._hold = partial(fcntl.lockf, os.memfd_create("wire"))
        self._take, self._leave = fcntl.LOCK_EX, fcntl.LOCK_UN
        self._thread = Lock()
        os.register_at_fork(after_in_child=self._anew)

    def __enter__(self) -> None:
        self._thread.acquire()
        try:
            self._hold(self._take)
        except BaseException:  # a cell has closed every file
            self._thread.release()
            raise

    def __exit__(self, *_: object) -> None:
        self._hold(self._leave)
        self._thread.release()

    def _anew(self) -> None:
        # The thread that held it is not in the fork.
        self._thread = Lock()


class Wire:
    """One end of the wire; `send_multipart` is what jupyter's `Session` asks of a socket."""

    def __init__(
        self, end: int | socket.socket, sending: AbstractContextManager[Any] | None = None
    ):
        """
        Take over one end of a pair of connected sockets.

        `sending` is held while a message is sent, so that no two of them mix; a lock between the
        threads of this process by default.
        """
        self._line = Connection(end if isinstance(end, int) else end.detach())
        self._sending = sending or Lock()

    def send_multipart(self, parts: Sequence[Any], **_: Any) -> None:
        """Send a message; OSError if nobody is there any more."""
        with self._sending:
            self._line.send_bytes(packed(parts))

    def waits(self, seconds: float | None) -> bool:
        """Is there a message, or the end, within so many seconds (None: however long it takes)?"""
        return self._line.poll(seconds)

    def receive(self) -> list[bytes]:
        """The next message; EOFError if the other end is gone."""
        try:
            return unpacked(self._line.recv_bytes())
        except (OSError, struct.error) as error:
            raise EOFError("the wire is cut") from error

    def close(self) -> None:
        """Let go of this end; the other one is told."""
        self._line.close()


def packed(parts: Sequence[Any]) -> bytes:
    """
    A message as one string of bytes.

    >>> unpacked(packed([b"id", b"", memoryview(b"123")]))
    [b'id', b'', b'123']
    """
    found = [bytes(part) for part in parts]
    return b"".join(piece for part in found for piece in (_NUMBER.pack(len(part)), part))


def unpacked(told: bytes) -> list[bytes]:
    """The message that `packed` packed."""
    parts, place = [], 0
    while place < len(told):
        (length,) = _NUMBER.unpack_from(told, place)
        place += _NUMBER.size
        parts.append(told[place : place + length])
        place += length
    return parts
