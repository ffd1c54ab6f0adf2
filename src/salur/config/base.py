"""What an installation stands on before anybody signs in: the real structure of Lampung, and one signed SOP each."""

import sys

import click
from django.db import transaction

from salur.agencies.load import load_functions, load_structure
from salur.agencies.models import Agency, Government
from salur.channels.connect import connect
from salur.places.load import load_places
from salur.sop.sign import adopt


def load_base(*, progress: bool = False) -> None:
    """Everything but people and reports: places, functions, governments, calendars, accounts, one signed SOP each."""
    load_places()
    load_functions()
    governments = load_structure()
    with click.progressbar(governments, label="Governments", file=sys.stderr, hidden=not progress) as bar:
        for government in bar:
            prepare(government)


@transaction.atomic
def prepare(government: Government) -> None:
    """Adopt the standard SOP and open the portal and the counters of one government."""
    adopt(government, signed_by="Sekretaris Daerah (contoh)")
    for agency in Agency.objects.filter(government=government).order_by("id"):
        connect(agency, "counter", f"loket-{agency.code}")
        if agency.is_coordinator:
            connect(agency, "web", "portal")
            connect(agency, "sp4n", "sp4n-lapor")
