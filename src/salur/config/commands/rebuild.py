"""`salur rebuild`."""

import sys

import click

from salur.cases.models import Case
from salur.config.ready import everything
from salur.sop.rebuild import rebuild


@click.command("rebuild")
@click.option("--check", is_flag=True, help="Only compare; write nothing.")
def rebuild_command(check: bool) -> None:
    """Fold every case anew from its journal and prove the stored columns equal; without --check mend what differs."""
    with everything():
        total = Case.objects.count()
        with click.progressbar(rebuild(write=not check), length=total, label="Folding cases", file=sys.stderr) as bar:
            found = [difference for difference in bar if difference]
    for difference in found:
        click.echo(f"{difference.number}: {', '.join(difference.columns)}")
    click.echo(f"{total} cases folded, {len(found)} differed{'' if check else ' and were mended'}.")
    if found and check:
        sys.exit(1)
