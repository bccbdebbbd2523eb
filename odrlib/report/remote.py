"""
Remote: the same jobs on the workers of a dask cluster that is there already.

Only paths travel, so the stores and the output folder must lie on a disk that all workers share,
under the same path; each job checks that before it begins. A worker's threads must not fork, so a
report's kernel is started there the ordinary way.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from odrlib.errors import BadParameter, BadStore, ReportFailed
from odrlib.languages import language, speak, tr
from odrlib.report.attempt import attempt, failed
from odrlib.report.run import ReportResult

Submit = Callable[[str | Path, Mapping[str, Any]], Future[ReportResult]]
PATIENCE = 20  # seconds until a scheduler must have answered


@contextmanager
def cluster(address: str, out: Path) -> Iterator[Submit]:
    """
    How to hand a store to the workers of the scheduler at `address`, such as tcp://10.0.0.5:8786.

    Raises
    ------
    BadParameter without `distributed`; ReportFailed if no scheduler or no worker is there
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise BadParameter(
            tr("for --scheduler, first run: pip install 'odrlib[dask]'")
        ) from error  # fmt: skip
    try:
        client: Any = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise ReportFailed(
            tr("no dask scheduler answers at {address} ({reason})", address=address, reason=reason)
        ) from error
    with client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise ReportFailed(tr("the dask scheduler at {address} has no worker", address=address))
        seal = out.resolve() / f".shared-{secrets.token_hex(8)}"
        seal.touch()
        try:
            with client.get_executor(retries=0, pure=False) as executor:
                yield lambda store, options: executor.submit(
                    job, str(Path(store).resolve()), str(seal), dict(options), language()
                )
        finally:
            seal.unlink(missing_ok=True)


def job(store: str, seal: str, options: Mapping[str, Any], spoken: str) -> ReportResult:
    """One report on a worker; `seal` is a file in the output folder that it must see."""
    speak(spoken)
    for path, kind in ((Path(seal), ReportFailed), (Path(store), BadStore)):
        if not path.exists():
            return failed(store, kind(
                tr("the worker on {host} does not see {folder}; workers need a disk that they "
                   "share", host=socket.gethostname(),
                   folder=path if kind is BadStore else path.parent)
            ))  # fmt: skip
    return attempt(store, str(Path(seal).parent), options)
