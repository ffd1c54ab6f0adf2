"""A case is bound to the SOP version in force, for good."""

from datetime import datetime

from django.utils import formats, timezone, translation
from django.utils.translation import gettext

from salur.cases.events import CaseOpened
from salur.cases.models import Case
from salur.kernel import clock, ledger, memory
from salur.kernel.models import Entry
from salur.sop.document.model import SopDocument
from salur.sop.engine.fold import fold
from salur.sop.events import SopStarted
from salur.sop.queries import calendars_for
from salur.sop.versions import document_of, in_force
from salur.sop.wording import fill


def start(entry: Entry) -> None:
    """Bind a case to the version in force and write down the acknowledgement in that version's words.

    Heard on `case.opened`; `sop.started` is heard by `publishing/acknowledge`. Raises NoSopInForce: the case then
    waits, visible to the doctor, until its government has signed an SOP.
    """
    opened = CaseOpened.read(ledger.as_fact(entry))
    case: Case = memory.kept(entry.stream) or _case(entry)
    version = memory.once(f"in_force:{case.government_id}", lambda: in_force(case.government))
    document = document_of(version.pk)
    state = fold(ledger.journal(case.stream), document, calendars_for(case.government_id), clock.now())
    due = state.citizen_due_at
    event = SopStarted(
        version_id=version.pk,
        sop=document.code,
        version=version.version,
        sha256=version.sha256,
        answer_due_at=due.isoformat() if due else "",
        acknowledgement="" if opened.imported else _acknowledgement(case, document, due),
        answer_in=document.answers_elsewhere,
    )
    ledger.record(event, stream=case.stream, government_id=case.government_id, actor=ledger.SYSTEM)


def _case(entry: Entry) -> Case:
    return Case.objects.select_related("agency", "government").get(pk=int(entry.stream.partition(":")[2]))


def _acknowledgement(case: Case, document: SopDocument, due: datetime | None) -> str:
    with translation.override("id"):
        agency = case.agency.name if case.agency else gettext("the coordinator, who is choosing the agency in charge")
        day = formats.date_format(timezone.localtime(due), "l, j F Y") if due else ""
    values = {
        "number": case.number,
        "title": case.title,
        "kind": next((rule.name.id for kind, rule in document.kinds.items() if kind == case.kind), ""),
        "agency": agency,
        "government": case.government.name,
        "due": day,
        "link": case.link,
    }
    return fill(document.templates["acknowledgement"].text.of("id"), values).strip()
