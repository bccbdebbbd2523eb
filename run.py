"""
Set-up and the things to do, with nothing but Python 3.11 or newer.

    python run.py report [STORES...]   a report for each store folder, or for the demo stores
    python run.py test [ARGUMENTS...]  the tests but the long ones; arguments go to pytest
    python run.py lab [--lang zh]      the notebooks in JupyterLab, in English or Chinese
    python run.py odr ARGUMENTS...     any odr command, see: python run.py odr --help

On first use, and whenever requirements.lock or pyproject.toml has changed, it makes the folder
.venv beside this file and installs the exact packages of requirements.lock there, each checked by
its hash. Nothing is installed elsewhere. To begin anew, delete .venv.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
COMMANDS = ("report", "test", "lab", "odr")
# -P: nothing in the folder one happens to stand in can get in the way.
ODR = ("-P", "-c", "import sys; sys.argv[0] = 'odr'; from odrlib.cli import main; sys.exit(main())")


def complaint(version):
    """Why this Python cannot be used, or an empty text."""
    if tuple(version) >= OLDEST:
        return ""
    return (
        "odrlib needs Python {}.{} or newer; this is Python {}.{}.\n"
        "Install a newer one from your system or python.org and run this again with it,\n"
        "for example: python3.12 run.py report (on Windows: py -3.12 run.py report)."
    ).format(*OLDEST, *version)


def wanted(root):
    """What a finished .venv was made from, as one hash: lock, project, Python and folder."""
    made_from = hashlib.sha256()
    for name in ("requirements.lock", "pyproject.toml"):
        # Line ends differ between checkouts; what is installed does not.
        made_from.update((root / name).read_bytes().replace(b"\r\n", b"\n"))
    made_from.update(repr((sys.version_info[:3], str(root))).encode())
    return made_from.hexdigest()


def stamp(root):
    """The file that a finished set-up leaves; it is written last, so half a set-up has none."""
    return root / ".venv" / "made-from.txt"


def is_ready(root):
    """Whether set-up has come to its end for these very files."""
    return (
        python(root).exists()
        and stamp(root).exists()
        and stamp(root).read_text(encoding="utf-8") == wanted(root)
    )


def python(root):
    """The interpreter of .venv."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def call(*command, cwd=None):
    """Run a command in the open and return its exit code, as a shell would give it."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    # Started without a standard input (a CI job): give the children an empty one.
    stdin = subprocess.DEVNULL if sys.stdin is None else None
    code = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, stdin=stdin, check=False
    ).returncode
    return code if code >= 0 else 128 - code


def install_with_uv(root):
    """Fill .venv with uv, which is quick; True if all went well."""
    uv = shutil.which("uv")
    if uv is None:
        return False
    lock, here = root / "requirements.lock", ("--python", python(root))
    return (
        call(uv, "venv", "--quiet", "--python", sys.executable, root / ".venv") == 0
        and call(uv, "pip", "install", "--quiet", *here, "--require-hashes", "-r", lock) == 0
        and call(uv, "pip", "install", "--quiet", *here, *PROJECT, root) == 0
    )


def install_with_pip(root):
    """Fill .venv with venv and pip, which every Python has; True if all went well."""
    pip = (python(root), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    return (
        call(sys.executable, "-m", "venv", root / ".venv") == 0
        and call(*pip, "--require-hashes", "-r", root / "requirements.lock") == 0
        and call(*pip, *PROJECT, root) == 0
    )


# The project itself: its dependencies and its build backend are in the lock already.
PROJECT = ("--no-deps", "--no-build-isolation", "--editable")


def set_up(root):
    """Make .venv anew; True if it is ready."""
    print("Setting up .venv (once; a few minutes and about 1 GB) ...", flush=True)
    for install in (install_with_uv, install_with_pip):
        shutil.rmtree(root / ".venv", ignore_errors=True)
        if install(root):
            stamp(root).write_text(wanted(root), encoding="utf-8")
            return True
    print(
        "Set-up did not finish; the reason stands above. If it names venv or ensurepip, install\n"
        "your system's package for it (Debian, Ubuntu: apt install python3-venv), then try again.",
        file=sys.stderr,
    )
    return False


def report(arguments):
    """Reports of the stores named; if none is, of the demo stores, which are written first."""
    if not arguments:
        demo = ROOT / "data" / "demo"
        if not (demo / "truth.json").exists():
            code = call(python(ROOT), *ODR, "demo", demo)
            if code:
                return code
        arguments = sorted(settings.parent for settings in demo.glob("*/store.toml"))
    if "--out" not in arguments:
        arguments = [*arguments, "--out", ROOT / "reports"]
    return call(python(ROOT), *ODR, "report", *arguments)


def lab(arguments):
    """The notebooks in JupyterLab; in another language as copies in a folder of their own."""
    folder, rest = ROOT / "notebooks", list(arguments)
    if "--lang" in rest:
        place = rest.index("--lang")
        language = "".join(rest[place + 1 : place + 2])
        del rest[place : place + 2]
        folder = ROOT / f"notebooks-{language}"
        code = call(python(ROOT), *ODR, "notebooks", folder, "--lang", language, cwd=ROOT)
        if code:
            return code
    return call(python(ROOT), "-m", "jupyterlab", *rest, cwd=folder)


def main(arguments):
    """Do what the command line asks; returns the exit code."""
    problem = complaint(sys.version_info[:2])
    if problem:
        print(problem, file=sys.stderr)
        return 2
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if arguments else 2
    command, *rest = arguments
    if command not in COMMANDS:
        print(f"run.py knows {', '.join(COMMANDS)}, not {command!r}.", file=sys.stderr)
        return 2
    if not is_ready(ROOT) and not set_up(ROOT):
        return 1
    if command == "report":
        return report(rest)
    if command == "test":
        # On all processors; a part of them, as asked for. CI runs the long ones too (.ci/run).
        chosen = rest or ("-n", "auto", "-m", "not long")
        return call(python(ROOT), "-m", "pytest", *chosen, cwd=ROOT)
    if command == "lab":
        return lab(rest)
    return call(python(ROOT), *ODR, *rest)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
