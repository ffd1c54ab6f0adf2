"""The small world most tests stand in: Pemprov Lampung (18), Kabupaten Pesawaran (18.09), and people to act."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import override_settings

from salur.agencies.load import load_functions, load_structure
from salur.agencies.members import add_member
from salur.agencies.models import Agency, Government, Member
from salur.cases.models import Case, CaseMessage
from salur.channels.models import Account
from salur.channels.ports import Raw
from salur.config.base import prepare
from salur.intake.accept import accept
from salur.journey.worker import run_until_quiet
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.places.load import load_places

PASSWORD = "kata-sandi-uji-77"
ROAD = "Jalan provinsi berlubang parah di depan pasar Gading Rejo, sudah ada yang jatuh. Mohon segera ditambal."
VAGUE = "Mohon bantuannya, kami bingung harus ke mana."


@dataclass(frozen=True)
class Lampung:
    """Handles on the loaded world."""

    province: Government
    regency: Government

    def agency(self, code: str, government: str = "18") -> Agency:
        """One agency by its code."""
        with use(EVERYTHING):
            return Agency.objects.get(government__code=government, code=code)

    def account(self, platform: str, agency: str = "diskominfotik", government: str = "18") -> Account:
        """The account of an agency on a platform."""
        with use(EVERYTHING):
            rows = Account.objects.select_related("agency", "government")
            return rows.get(government__code=government, agency__code=agency, platform=platform)

    def officer(self, username: str, role: str, agency: str = "bmbk", government: str = "18", **more: Any) -> Member:
        """A new officer with the test password; `more` are position and government_wide."""
        with use(EVERYTHING):
            body = self.agency(agency, government)
            return add_member(
                body.government_id,
                username=username,
                name=username.title(),
                agency_id=body.pk,
                role=role,
                password=PASSWORD,
                actor=ledger.SYSTEM,
                **more,
            )

    def sop_staff(self) -> dict[str, Member]:
        """An officer for every actor of the standard SOP of the province; the leaders answer for all of it."""
        people = {
            "writer": ("coordinator", ""),
            "second": ("administrator", ""),
            "reviewer": ("approver", ""),
            "operator": ("operator", ""),
            "head": ("leader", ""),
            "secretary": ("leader", "regional_secretary"),
        }
        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):  # nobody types it
            return {
                name: self.officer(name, role, "diskominfotik", position=position, government_wide=role == "leader")
                for name, (role, position) in people.items()
            }

    def report(self, form_id: str, text: str = ROAD, *, government: str = "18", **form: Any) -> Case:
        """File a report by the portal and carry it through; returns its case."""
        coordinator = "diskominfotik" if government == "18" else "diskominfo"
        account = self.account("web", coordinator, government)
        body = {
            "form_id": form_id,
            "text": text,
            "government": government,
            "spoken_at": clock.now().isoformat(),
            **form,
        }
        with use(EVERYTHING):
            accept(account, Raw(form_id, json.dumps(body).encode(), "application/json"))
        run_until_quiet()
        with use(EVERYTHING):
            return CaseMessage.objects.select_related("case").get(message__external_id=form_id).case


def actor(member: Member) -> str:
    """How the journal names an officer."""
    return ledger.member(member.pk)


def ready_lampung() -> Lampung:
    """Load what is missing."""
    load_places()
    load_functions()
    with use(EVERYTHING):
        for government in load_structure(["18", "18.09"]):
            prepare(government)
    return Lampung(Government.objects.get(code="18"), Government.objects.get(code="18.09"))


def known_lampung() -> Lampung | None:
    """The world, if it is loaded."""
    found = {one.code: one for one in Government.objects.filter(code__in=["18", "18.09"])}
    return Lampung(found["18"], found["18.09"]) if len(found) == 2 else None
