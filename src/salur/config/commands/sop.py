"""`salur sop`: the group. Each command has its own file; a new one is an import and a line of the tuple below."""

import click

from salur.config.commands.sop_check import check_command
from salur.config.commands.sop_fold import fold_command
from salur.config.commands.sop_format import format_command, schema_command
from salur.config.commands.sop_lab import lab_command, simulate_command
from salur.config.commands.sop_life import adopt_command, export_command, history_command, move_command
from salur.config.commands.sop_print import print_command


@click.group("sop")
def sop_command() -> None:
    """Check, adopt and print SOP documents."""


for command in (
    check_command,
    fold_command,
    format_command,
    schema_command,
    adopt_command,
    export_command,
    history_command,
    move_command,
    print_command,
    simulate_command,
    lab_command,
):
    sop_command.add_command(command)
