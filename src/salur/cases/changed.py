"""What a citizen changes about a message after it was said is a fact of the case it was said in."""

from django.utils.translation import gettext

from salur.cases.events import CaseMessageChanged
from salur.cases.models import Case, CaseMessage
from salur.intake.events import MessageChanged
from salur.intake.models import Message
from salur.kernel import ledger, memory
from salur.kernel.ledger import as_fact
from salur.kernel.models import Entry
from salur.language.masking import mask_personal


class NoCaseYet(LookupError):
    """The message is in no case yet: whoever reads it comes first, and this is tried again later."""


def note(entry: Entry) -> None:
    """Write into the case that a message of it was edited, is gone, or is there again. Heard on `message.changed`.

    A title that was taken from the message follows it. A copy that came to another account is not shown, and so tells
    nothing. Raises NoCaseYet.
    """
    event = MessageChanged.read(as_fact(entry))
    link = CaseMessage.objects.filter(message_id=event.message_id).select_related("case", "message").first()
    if link is None:
        raise NoCaseYet(f"message {event.message_id} is in no case yet")
    if link.is_copy:
        return
    case = link.case
    changed = CaseMessageChanged(message_id=event.message_id, change=event.change, at=event.at, by=event.by)
    ledger.record(changed, stream=case.stream, government_id=case.government_id, actor=entry.actor)
    if opened_by(case, link):
        Case.objects.filter(pk=case.pk).update(title=title_of(link.message))
        memory.forget(case.stream)


def opened_by(case: Case, link: CaseMessage) -> bool:
    """Whether this message opened the case, so that the title was taken from it."""
    return not CaseMessage.objects.filter(case_id=case.pk, id__lt=link.pk).exists()


def title_of(message: Message) -> str:
    """The title of a case that this message opens: its subject or how it begins, and nothing of what was removed.

    Titles stand in lists, registers and mails: personal data is masked in them before they are cut.
    """
    if message.removed_at is not None:
        return gettext("[deleted by the author]") if message.removed_by == "author" else gettext("[no longer shown]")
    words = mask_personal(message.subject) or mask_personal(" ".join(message.text.split()))[:120]
    return (words or gettext("(no words, only files)"))[:200]
