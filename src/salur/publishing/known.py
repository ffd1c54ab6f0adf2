"""Whose data must not stand in public in the answers to one case, and which contacts are our own."""

from collections.abc import Iterable

from salur.cases.models import Case, CaseMessage, Voice
from salur.channels.models import Account
from salur.intake.models import Message
from salur.publishing.personal import Known

OUR_NUMBERS = ("phone", "display_phone_number", "number")
"""The settings of an account that may hold a telephone number of ours."""


def known_of(case: Case) -> Known:
    """The names, handles and addresses of every voice of a case, and the contacts of the government's accounts."""
    voices = Voice.objects.filter(case_id=case.pk).only("name", "address")
    said = Message.objects.filter(pk__in=CaseMessage.objects.filter(case_id=case.pk).values("message_id"))
    ours = Account.objects.filter(government_id=case.government_id).only("address", "settings")
    return known_among(voices, said.only("sender_handle", "sender_name", "contacts"), ours)


def known_among(voices: Iterable[Voice], said: Iterable[Message], ours: Iterable[Account]) -> Known:
    """As `known_of`, of what was read already: the voices of a case, what was said in it, and our accounts."""
    voices, written = list(voices), list(said)
    told = [str(one) for message in written for one in (message.contacts or {}).values()]
    contacts = [(one.address, *(str(one.settings.get(name, "")) for name in OUR_NUMBERS)) for one in ours]
    return Known(
        names=_some([*(voice.name for voice in voices), *(message.sender_name for message in written)]),
        handles=_some(message.sender_handle for message in written),
        addresses=_some([*(voice.address for voice in voices), *told]),
        ours=_some(one for account in contacts for one in account),
    )


def _some(values: Iterable[str]) -> frozenset[str]:
    return frozenset(value.strip() for value in values if value.strip())
