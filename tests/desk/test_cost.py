"""A long case costs no more questions to the database than a short one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.conftest import SignIn
from tests.world import Lampung, actor

from salur.cases.handle import follow_up
from salur.cases.models import Case, CaseMessage, Voice
from salur.intake.models import Message
from salur.journey.act import act
from salur.kernel import ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.publishing.replies import draft


def more_messages(case: Case) -> None:
    """Four more messages by two more citizens."""
    with use(EVERYTHING):
        first = CaseMessage.objects.select_related("message", "voice").get(case=case)
        for n in range(4):
            if n < 2:
                voice = Voice.objects.create(
                    government_id=case.government_id,
                    case=case,
                    account_id=first.voice.account_id,
                    name=f"Warga Contoh {n}",
                )
            message = Message.objects.create(
                government_id=case.government_id,
                account_id=first.message.account_id,
                delivery_id=first.message.delivery_id,
                external_id=f"lagi-{n}",
                text=f"Masih berlubang {n}",
                spoken_at=first.message.spoken_at,
            )
            CaseMessage.objects.create(government_id=case.government_id, case=case, message=message, voice=voice)


@pytest.mark.parametrize(
    ("role", "agency"), [("operator", "bmbk"), ("approver", "bmbk"), ("coordinator", "diskominfotik")]
)
def test_a_case_with_a_history_costs_at_most_twelve_queries(
    role: str, agency: str, sign_in: SignIn, lampung: Lampung
) -> None:
    browser = sign_in(role, agency)
    author, other = lampung.officer("penulis", "operator"), lampung.officer("rekan", "operator")
    case = lampung.report("panjang")
    more_messages(case)
    for n in range(24):
        act(follow_up, case.pk, note=f"Langkah {n}", actor=actor(author if n % 2 else other))
    act(draft, case.pk, purpose="answer", text="Sudah.", actor=actor(author))
    assert len(ledger.journal(case.stream)) >= 30
    with CaptureQueriesContext(connection) as queries:
        page = browser.get(reverse("desk:case", args=[case.number]))
    assert len(page.context["messages_said"]) == 5 and len(page.context["voices"]) == 3
    assert len(queries) <= 12, [query["sql"][:150] for query in queries]
