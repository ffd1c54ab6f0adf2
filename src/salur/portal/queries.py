"""What the portal asks of the rooms below, where no single room has the whole answer."""

import uuid
from dataclasses import dataclass

from salur.agencies.models import Agency, Government
from salur.cases.models import Case, CaseMessage
from salur.channels.models import Account
from salur.intake.models import Delivery
from salur.kernel import clock
from salur.sop.document.model import SopDocument
from salur.sop.models import SopVersion
from salur.sop.versions import NoSopInForce, State, document_of, in_force, states


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
    rows = Account.objects.select_related("government").filter(platform="web", state=Account.State.LIVE)
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


@dataclass(frozen=True)
class SignedPaper:
    """A signed SOP: its version and document, where it stands today, and the version that takes its place, if any."""

    version: SopVersion
    document: SopDocument
    state: State
    follower: SopVersion | None


def signed_papers(sha256: str) -> list[SignedPaper]:
    """Every version that was signed under this hash; several governments may have signed one content."""
    rows = SopVersion.objects.select_related("sop", "government").filter(sha256=sha256).defer("text", "overlay")
    found = list(rows.order_by("government__code", "sop__code", "version"))
    siblings = list(
        SopVersion.objects.filter(government__in={one.government_id for one in found})
        .defer("text", "overlay")
        .order_by("in_force_from", "version")
    )
    return [_standing(one, [other for other in siblings if other.government_id == one.government_id]) for one in found]


def _standing(version: SopVersion, siblings: list[SopVersion]) -> SignedPaper:
    later = [(one.in_force_from, one.version) > (version.in_force_from, version.version) for one in siblings]
    follower = next((one for one, after in zip(siblings, later, strict=True) if after), None)
    state = states(siblings, clock.today(version.government.timezone))[version.pk]
    return SignedPaper(version, document_of(version.pk), state, follower)
