"""
Warm: a process that has run the report notebook once and forks a real kernel for each report.

A fresh kernel spends seconds on imports, first figures and the cues before it reads a store. This
process does so once, on a make-believe store, then waits; each request forks it, and the child is
an IPython kernel at the end of the wire that came with the request (`odrlib.report.forked`), so a
report is made by the same cells either way. Linux only: elsewhere a fork of a process that has
loaded such libraries is not safe, and the ordinary kernel is used.

Nothing outlives anybody: the connection that asked for a kernel stays open as long as the kernel
runs. If its asker dies, the kernel is killed; if the kernel ends, the asker is told its exit code;
if the warm process dies, the system kills its kernels; if whoever started it goes, it goes too.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import selectors
import signal
import socket
import sys
import warnings
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from threading import active_count
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, NoReturn

from odrlib.report import trace
from odrlib.report.kernel import GARBAGE, end_group, skip_debugger, skip_slow_grammars
from odrlib.report.wire import ProcessLock, Wire
from odrlib.rooms import private_room

if TYPE_CHECKING:
    from odrlib.report.forked import ForkedKernelApp

LONGEST = 1_000_000  # bytes of a request: a folder, a log's name and an environment
ENDING = 1  # seconds in which threads of the warm-up's cells may still end
ORDERS = 400  # of the make-believe store; enough that every figure is drawn once
# What a kernel imports only when it has started.
LATE = ("IPython.core.logger", "faulthandler", "tornado.platform.asyncio")
_PR_SET_PDEATHSIG = 1


def main(address: str, notebook: str) -> None:
    """Warm up, then open the address and serve until standard input ends."""
    # What is made now stays: nobody looks through it for garbage, here or in a kernel.
    gc.disable()
    skip_slow_grammars()
    skip_debugger()
    _die_with_parent()
    warm_up(Path(notebook))
    # Threads of a cell are in no fork, and what they hold stays locked there.
    until = monotonic() + ENDING
    while active_count() > 1:
        if monotonic() > until:
            return
        sleep(0.01)
    kernel = _kernel(Path(address).parent)
    with socket.socket(socket.AF_UNIX) as door:
        # So no kernel copies a page only to see whether something on it is garbage.
        gc.freeze()
        # Arrow and BLAS, whose threads are meant, know how to be forked: `test_warm` does it.
        warnings.filterwarnings("ignore", ".*multi-threaded", DeprecationWarning)
        # Bound under another name first: who sees the address can be sure to be answered.
        door.bind(f"{address}-")
        door.listen(64)
        Path(f"{address}-").rename(address)
        _Server(door, kernel).serve()


def warm_up(notebook: Path) -> None:
    """Run the cells of the notebook on a make-believe store; what they show is thrown away."""
    from odrlib import figures
    from odrlib.demo import write_store
    from odrlib.languages import LANGUAGES
    from odrlib.languages.catalogue import catalogue

    for module in iter_modules(figures.__path__):  # a store so small has no cause to draw
        import_module(f"{figures.__name__}.{module.name}")
    with private_room("warm-") as room:
        store = write_store(room / "store", ORDERS)
        values = {"store": str(store), "as_of": "", "profile": "", "language": "", "out": str(room)}
        space: dict[str, Any] = {}
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            shown = _run("".join(cell["source"]), space)
            if "parameters" in cell["metadata"].get("tags", []):
                space |= values
            if hasattr(shown, "_repr_mimebundle_"):
                shown._repr_mimebundle_()
    for language in {*LANGUAGES} - {"en"}:
        catalogue(language)


def _kernel(room: Path) -> ForkedKernelApp:
    """The kernel that every fork goes on with; `room` is a folder of ours."""
    from odrlib.report.forked import ForkedKernelApp

    for name in LATE:
        import_module(name)
    os.environ["IPYTHONDIR"] = str(room)  # nobody's start-up files run inside a report
    return ForkedKernelApp.made()


def _run(source: str, space: dict[str, Any]) -> Any:
    """Run a cell and return the value of its last line, if that is one."""
    import ast

    *steps, last = ast.parse(source).body
    # A notebook of somebody's own may ask for what a warm-up does not have: then it is warm enough.
    with suppress(Exception):
        exec(compile(ast.Module(steps, []), "warm-up", "exec"), space)
        if isinstance(last, ast.Expr):
            return eval(compile(ast.Expression(last.value), "warm-up", "eval"), space)
        exec(compile(ast.Module([last], []), "warm-up", "exec"), space)
    return None


class _Server:
    """Forks kernels and keeps, for each, the connection of whoever asked for it."""

    def __init__(self, door: socket.socket, kernel: ForkedKernelApp) -> None:
        self.door = door
        self.kernel = kernel
        self.askers: dict[int, socket.socket] = {}  # process id of a kernel -> who asked for it
        self.selector = selectors.DefaultSelector()
        self.selector.register(door, selectors.EVENT_READ)
        self.selector.register(0, selectors.EVENT_READ)
        # A child that ends wakes the selector.
        self.woken, waker = socket.socketpair()
        waker.setblocking(False)
        self.woken.setblocking(False)
        self.waker = waker
        self.selector.register(self.woken, selectors.EVENT_READ)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us

    def serve(self) -> None:
        """Until standard input ends: then every kernel goes too."""
        try:
            while True:
                for key, _ in self.selector.select():
                    if key.fileobj == 0:
                        if not os.read(0, 4096):
                            return
                    elif key.fileobj is self.door:
                        self._answer()
                    elif key.fileobj is self.woken:
                        with suppress(BlockingIOError):
                            self.woken.recv(4096)
                    else:
                        self._hear(key.data)
                self._bury()
        finally:
            for process in self.askers:
                kill_all(process)

    def _answer(self) -> None:
        asker, _ = self.door.accept()
        asker.settimeout(10)
        try:
            told, wires, *_ = socket.recv_fds(asker, LONGEST, 1)
        except OSError:
            asker.close()
            return
        try:
            (wire,) = wires
            request = json.loads(read_line(asker, told))
            # OSError: no memory or no process left now; the asker starts a kernel itself.
            process = os.fork()
            if not process:
                self._become_kernel(request, asker, wire)
        except (OSError, ValueError):
            asker.close()
            return
        finally:
            for each in wires:
                os.close(each)
        self.askers[process] = asker
        with suppress(OSError):
            asker.sendall(f"{process}\n".encode())
        self.selector.register(asker, selectors.EVENT_READ, process)

    def _hear(self, process: int) -> None:
        """An asker says nothing while its kernel runs: what comes is the end of the connection."""
        asker = self.askers[process]
        with suppress(OSError):
            if asker.recv(64):
                return
        self.selector.unregister(asker)
        kill_all(process)

    def _bury(self) -> None:
        """Tell the askers of kernels that have ended, and forget both."""
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            if ended.si_pid in self.askers:  # until it is buried, its number is nobody else's
                end_group(ended.si_pid)
            process, status = os.waitpid(ended.si_pid, 0)
            asker = self.askers.pop(process, None)
            if asker is None:
                continue  # what a cell of the warm-up started and left behind
            with suppress(KeyError, ValueError):
                self.selector.unregister(asker)
            with suppress(OSError):
                asker.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
            asker.close()

    def _become_kernel(self, request: dict[str, Any], asker: socket.socket, wire: int) -> NoReturn:
        """In the child: let go of all that is the parent's, then be an ipykernel."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self.selector.close()
            for held in (self.door, self.woken, self.waker, asker, *self.askers.values()):
                held.close()
            os.setsid()
            _die_with_parent()
            nothing = os.open(os.devnull, os.O_RDONLY)
            log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            for wanted, place in ((nothing, 0), (log, 1), (log, 2)):
                os.dup2(wanted, place)
            os.environ.clear()
            os.environ.update(request["env"])
            os.chdir(request["cwd"])
            sys.argv = ["odrlib-kernel"]
            if os.environ.get(trace.VARIABLE):
                trace.watch(os.environ[trace.VARIABLE])
            # A report is over before a few cycles of garbage weigh; looking for them often costs.
            gc.set_threshold(GARBAGE)
            gc.enable()
            # As it comes, the programs that a cell starts would hold it open.
            os.set_inheritable(wire, False)
            # What a cell prints in processes that it forks goes the same way.
            self.kernel.answer(Wire(wire, ProcessLock()))
        finally:
            # Never back into the loop of the parent, whatever happens.
            os._exit(1)


def read_line(connection: socket.socket, begun: bytes = b"") -> str:
    """One line from a connection, of which some is here; OSError if it ends before."""
    found = bytearray(begun)
    while not found.endswith(b"\n"):
        part = connection.recv(65_536)
        if not part or len(found) > LONGEST:
            raise ConnectionError("the connection ended within a line")
        found += part
    return found.decode()


def kill_all(kernel: int) -> None:
    """End a kernel, and with it what its cells have started."""
    end_group(kernel)
    with suppress(ProcessLookupError):  # it leads a group, but for its first moment
        os.kill(kernel, signal.SIGKILL)


def _die_with_parent() -> None:
    """Ask the system to kill this process when its parent is gone."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
