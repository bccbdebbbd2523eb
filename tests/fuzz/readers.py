"""
Coverage-guided fuzzing of the readers: `python -m tests.fuzz.readers --seconds 60 [TARGET …]`.

Needs atheris (`pip install odrlib[fuzz]`). Each fault is kept once, by the exception and the place
it comes from, in `tests/fuzz/found/<target>/`; there `pytest tests/fuzz` runs it again for ever,
and the run goes on. Exit code 1 if anything was found.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

FOUND = Path(__file__).parent / "found"
SLOW = 20  # seconds after which an input counts as one that never ends
MEMORY = 2_048  # MiB


def main() -> int:
    """Fuzz the targets named, one after the other, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.readers")
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--out", type=Path, default=FOUND, help="where faults are kept")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here:
        fuzz(given.targets[0], given.seconds, given.out)
    names = given.targets or ["file", "settings", "notice", "draft", "evidence", "register",
                              "selection"]  # fmt: skip
    before = set(given.out.rglob("*"))
    ended = []
    for name in names:
        command = [sys.executable, "-m", __spec__.name, name, "--here"]
        command += ["--seconds", str(given.seconds), "--out", str(given.out)]
        ended.append(subprocess.run(command, check=False).returncode)
    new = sorted(path for path in set(given.out.rglob("*")) - before if path.is_file())
    sys.stderr.write("".join(f"found {path}\n" for path in new))
    return 1 if new or any(ended) else 0


def fuzz(name: str, seconds: int, out: Path) -> None:
    """Fuzz one target in this process, which libFuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=["odrlib"]):
        from tests.fuzz import targets
    keep = out / name
    keep.mkdir(parents=True, exist_ok=True)
    known = {path.name.rpartition("-")[0] for path in keep.iterdir()}

    def one(data: bytes) -> None:
        try:
            targets.TARGETS[name](data)
        except Exception as error:
            what = signature(error)
            if what not in known:
                known.add(what)
                digest = hashlib.sha256(data).hexdigest()[:8]
                (keep / f"{what}-{digest}").write_bytes(data)
                sys.stderr.write(f"{name}: {what}\n{traceback.format_exc()}\n")

    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(targets.seeds(name)):
            (Path(corpus) / f"{number:03}").write_bytes(seed)
        options = [f"-max_total_time={seconds}", f"-timeout={SLOW}", f"-rss_limit_mb={MEMORY}"]
        options += ["-max_len=9000", f"-artifact_prefix={keep}{os.sep}libfuzzer-", "-verbosity=0"]
        atheris.Setup([sys.argv[0], *options, "-print_final_stats=1", corpus], one)
        atheris.Fuzz()


def signature(error: BaseException) -> str:
    """The exception and the last line of ours that it comes through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "odrlib" in f.filename or "targets" in f.filename]
    place = f"{Path(ours[-1].filename).stem}.{ours[-1].name}" if ours else "elsewhere"
    return f"{type(error).__name__}-{place}".replace("<", "").replace(">", "")


if __name__ == "__main__":
    sys.exit(main())
