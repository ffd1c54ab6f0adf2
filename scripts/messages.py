"""Gathers the texts of the screens into the catalogues, and compiles these without gettext's own programs.

`gather` needs xgettext and runs only where texts were added; `compile` is part of set-up on every machine.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "salur"


def gather() -> None:
    """Bring the texts of code and templates into locale/id; new ones stand there untranslated."""
    if not shutil.which("xgettext"):
        sys.exit("xgettext is missing. On Debian and Ubuntu: apt install gettext")
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "salur.config.settings"}
    command = [sys.executable, "-m", "django", "makemessages", "-l", "id", "--no-obsolete", "--no-wrap"]
    command += ["--add-location=file", "--ignore=static/*", "--ignore=migrations/*"]
    subprocess.run(command, cwd=PACKAGE, env=environment, check=True)
    for path in catalogues():
        catalogue = polib.pofile(str(path))
        waiting = len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())
        print(f"{path.relative_to(ROOT)}: {catalogue.percent_translated()} % translated, {waiting} waiting")


def compile_all() -> None:
    """Write the binary catalogue beside each text one; fuzzy entries are left out, as gettext does."""
    for path in catalogues():
        polib.pofile(str(path), check_for_duplicates=True).save_as_mofile(str(path.with_suffix(".mo")))


def catalogues() -> list[Path]:
    return sorted(PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po"))


if __name__ == "__main__":
    {"gather": gather, "compile": compile_all}[sys.argv[1]]()
