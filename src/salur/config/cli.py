"""The command line: `salur --help` lists it."""

import importlib
import os
import sys
from typing import Any

import click
import django
import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.utils import translation
from pydantic import ValidationError

from salur import __version__
from salur.config.environment import Environment
from salur.config.keys import KeysMissing
from salur.kernel.crypto import CannotDecrypt
from salur.kernel.postgres_cluster import DatabaseProblem

COMMANDS = {
    "up": ("up", "Start database, web and worker together; --demo loads Lampung with invented citizens."),
    "web": ("serve", "Start the web server alone."),
    "worker": ("serve", "Start a worker alone."),
    "migrate": ("serve", "Bring the database to this version."),
    "doctor": ("doctor", "Say what is wrong and how to mend it."),
    "import": ("import_file", "Make cases from an SP4N-LAPOR! export (CSV or XLSX)."),
    "triage": ("triage", "Read texts: JSON lines in, JSON lines out."),
    "deadline": ("deadline", "Count a deadline on a government's work calendar."),
    "sop": ("sop", "Check, adopt and print SOP documents."),
    "register": ("register", "Write the register of medium and long cases as XLSX."),
    "government": ("government", "Load Lampung, or add a government."),
    "calendar": ("calendar", "Show work calendars, and put a new version into force."),
    "account": ("account", "Connect and check official accounts."),
    "spend": ("spend", "Show and limit what messages cost in a calendar month."),
    "deliveries": ("deliveries", "Count what came in, look at it from outside, try it again."),
    "member": ("member", "Add an officer, set a password, close a sign-in."),
    "rebuild": ("rebuild", "Fold every case anew and compare with the stored columns."),
    "sandbox": ("sandbox", "Serve stand-ins of the closed platforms on this machine, to try and to play."),
    "bench": ("bench", "Measure this machine: medians, p99 and ratios."),
}


BEGIN = ("up", "migrate", "government", "import", "triage", "deadline")
"""The commands that begin a home where there is none; the others only work in one that is there."""


class Commands(click.Group):
    """Loads a command's module only when it is used, after Django was set up."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command behind a name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"salur.config.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('import', 'import_file')}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list for --help, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="salur")
def cli() -> None:
    """Salur receives what citizens say, brings it to the agency that can act, and answers them."""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line. Known troubles end with status 1 and one sentence, never with a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salur.config.settings")
    given = sys.argv[1:] if arguments is None else arguments
    try:
        if given[:1] and given[0] in BEGIN:
            Environment().home.mkdir(parents=True, exist_ok=True)
        django.setup()
        translation.activate("en")  # the command line speaks English, whatever the screens speak
        return cli.main(args=arguments, prog_name="salur")
    except (DatabaseProblem, KeysMissing, ImproperlyConfigured) as problem:
        return _fail(str(problem))
    except ValidationError as problem:
        named = "; ".join(f"SALUR_{str(e['loc'][0]).upper()}: {e['msg']}" for e in problem.errors() if e["loc"])
        return _fail(f"wrong settings in the environment: {named}")
    except CannotDecrypt as problem:
        return _fail(f"{problem}: put the key back before the others in SALUR_KEYS or in the file keys of SALUR_HOME")
    except (psycopg.OperationalError, OperationalError) as problem:
        return _fail(f"the database does not answer: {str(problem).strip().splitlines()[0]}")


def _fail(text: str) -> None:
    sys.stderr.write(f"salur: {text}\n")
    sys.exit(1)
