"""What the portal asks of the rooms below, where no single room has the whole answer."""

import uuid
from dataclasses import dataclass

from salur.agencies.models import Agency, Government
from salur.cases.models import Case, CaseMessage
from salur.channels.models import Account
from salur.intake.models import Delivery
from salur.sop.document import SopDocument
from salur.sop.versions import NoSopInForce, document_of, in_force


@dataclass(frozen=True)
class Filed:
    """What became of a filed form: its case, or none yet; `set_aside` when a person has to read it first."""

    delivery: Delivery
    case: Case | None

    @property
    def set_aside(self) -> bool:
        """Whether the program could not read it: it is kept and waits for an officer."""
        return self.delivery.state == Delivery.State.QUARANTINED

    @property
    def waiting(self) -> bool:
        """Whether the worker is still at it, so that looking again helps."""
        return self.case is None and not self.set_aside


def filed(key: uuid.UUID) -> Filed | None:
    """The form that was filed under a key, or None."""
    delivery = Delivery.objects.defer("body").filter(account__platform="web", external_id=str(key)).first()
    if delivery is None:
        return None
    rows = CaseMessage.objects.select_related("case__agency", "case__government")
    link = rows.filter(message__delivery=delivery).first()
    return Filed(delivery, link.case if link else None)


def portal_accounts() -> list[Account]:
    """The portal account of every government that takes reports here, by the government's code."""
    rows = Account.objects.select_related("government").filter(platform="web", active=True)
    by_code = {account.government.code: account for account in rows.order_by("-id")}
    return [by_code[code] for code in sorted(by_code)]


def agencies_to_choose(government: Government) -> list[Agency]:
    """The agencies of a government that a citizen may address, by name."""
    return list(Agency.objects.filter(government=government).order_by("name"))


def promises(government: Government) -> SopDocument | None:
    """The SOP in force of a government, or None."""
    try:
        return document_of(in_force(government).pk)
    except NoSopInForce:
        return None
