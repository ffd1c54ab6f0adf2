"""Tell the citizen at once: number, agency, due date."""

from salur.cases.models import Case
from salur.kernel import memory
from salur.kernel.models import Entry
from salur.publishing.replies import say


def acknowledge(entry: Entry) -> None:
    """Say the acknowledgement whose words the signed SOP prescribes; `sop.started` carries them.

    A case that came by import was acknowledged where it was filed: the event then carries no words.
    """
    if words := entry.data["acknowledgement"]:
        case: Case = memory.kept(entry.stream) or Case.objects.get(pk=int(entry.stream.partition(":")[2]))
        say(case, purpose="acknowledgement", text=words)
