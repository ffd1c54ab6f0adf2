"""Signed versions: which is in force, what a next one must keep to, and parsing each once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from salur.agencies.models import Government
from salur.kernel import clock, ledger
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop.document.load import load
from salur.sop.document.model import SopDocument
from salur.sop.document.said import Said, _
from salur.sop.events import SopSigned
from salur.sop.models import Sop, SopVersion

LONGEST_SIGNATURE = 160
"""Characters of position and name."""
FARTHEST_START = timedelta(days=366)
"""Calendar days from today; a date further away is a slip of the pen, and would keep every next version out."""


class NoSopInForce(LookupError):
    """A government has no signed SOP; the text says how to give it one."""


class Refused(ValueError):
    """Something cannot be done with an SOP as it is now; `said` is the sentence that says why and what to do."""

    def __init__(self, said: Said) -> None:
        self.said = said
        super().__init__(str(said))


class NotSignable(Refused):
    """The document cannot be signed; `reasons` are all the sentences, `said` the first of them."""

    def __init__(self, reasons: tuple[Said, ...]) -> None:
        self.reasons = reasons
        super().__init__(reasons[0])

    def __str__(self) -> str:
        return "; ".join(str(reason) for reason in self.reasons)


def stream(sop_id: int) -> str:
    """The name of the journal of an SOP in the ledger; it is also the lock on its draft and its versions."""
    return f"sop:{sop_id}"


def hold_signing(government_id: int) -> None:
    """Let nobody else sign an SOP of this government until the transaction ends; taken before the stream of an SOP.

    Each is proved against the effective dates of all the others, so two at once would not see one another.
    """
    ledger.hold(f"sops:{government_id}")


def in_force(government: Government) -> SopVersion:
    """The newest signed version in force today, by the government's own calendar day. Raises NoSopInForce."""
    with use(EVERYTHING):
        today = clock.today(government.timezone)
        rows = SopVersion.objects.filter(government=government, in_force_from__lte=today)
        found = rows.only("id", "version", "sha256").order_by("-in_force_from", "-version").first()
    if found is None:
        raise NoSopInForce("no signed SOP is in force for this government: run `salur sop adopt`")
    return found


State = Literal["signed", "in_force", "superseded"]


def states(versions: Iterable[SopVersion], today: date) -> dict[int, State]:
    """Where each signed version of one government stands on a day: signed (not yet in force), in force, superseded."""
    found: dict[int, State] = {}
    for version in sorted(versions, key=lambda one: (one.in_force_from, one.version), reverse=True):
        if version.in_force_from > today:
            found[version.pk] = "signed"
        else:
            found[version.pk] = "superseded" if "in_force" in found.values() else "in_force"
    return found


@lru_cache(maxsize=256)
def document_of(version_id: int) -> SopDocument:
    """The document of a signed version; versions never change, so each is parsed once."""
    with use(EVERYTHING):
        return load(SopVersion.objects.values_list("text", flat=True).get(pk=version_id))


def newest(sop_id: int) -> SopVersion | None:
    """The last signed version of an SOP, in force or not yet; None before its first."""
    return SopVersion.objects.filter(sop_id=sop_id).order_by("version").last()


def out_of_line(sop: Sop, document: SopDocument, signed: Iterable[SopVersion]) -> Iterator[Said]:
    """What keeps a document from being the next version of this SOP: its code, its number, its date.

    `signed` are all signed versions of the government. A next version takes effect today at the earliest, by the
    calendar day of its government, at most 366 calendar days ahead, and later than every version before it, so that at
    each instant exactly one is in force. The first version of an SOP may have any number and may be older: the paper
    was in force before it was written into Salur, and no case was handled under another.
    """
    if document.code != sop.code:
        values = {"code": document.code, "known": sop.code}
        yield Said(_("the code is %(code)s, but this is the SOP %(known)s: keep its code"), values)
    from_day, today = document.dates.effective, clock.today(sop.government.timezone)
    if from_day - today > FARTHEST_START:
        yield Said(
            _(
                "it would take effect on %(day)s, more than a year from today, and no other version could before: "
                "choose an earlier effective date"
            ),
            {"day": from_day},
        )
    versions = list(signed)
    own = [version for version in versions if version.sop_id == sop.pk]
    if own:
        last = max(own, key=lambda version: version.version)
        yield from _after(last, document, today)
    if any(version.in_force_from == from_day for version in versions if version.sop_id != sop.pk):
        yield Said(
            _("another SOP of this government takes effect on %(day)s too: choose another effective date"),
            {"day": from_day},
        )


def _after(last: SopVersion, document: SopDocument, today: date) -> Iterator[Said]:
    from_day = document.dates.effective
    if document.version != last.version + 1:
        yield Said(
            _(
                "version %(last)s is the last that was signed; cases run on signed versions, so they stay as they are. "
                "Give this document the next version number, %(next)s, not %(number)s"
            ),
            {"number": document.version, "last": last.version, "next": last.version + 1},
        )
    if from_day < today:
        yield Said(
            _("it would take effect on %(day)s, which has passed: choose today or a later day as effective date"),
            {"day": from_day},
        )
    if from_day <= last.in_force_from:
        yield Said(
            _(
                "it would take effect on %(day)s, but version %(last)s does so on %(since)s: two versions cannot be in "
                "force at once, choose a later effective date"
            ),
            {"day": from_day, "last": last.version, "since": last.in_force_from},
        )


def enact(
    sop: Sop,
    document: SopDocument,
    *,
    text: str,
    signed_by: str,
    actor: str,
    overlay: str = "",
    parent_id: int | None = None,
    drafted_by: str = "",
    reviewed_by: str = "",
    editors: Sequence[str] = (),
) -> SopVersion:
    """Write a signed version down; the caller holds the SOP's stream and has proved that nothing stands against it.

    `signed_by` is position and name as they stand on the paper. Raises Refused where it is empty or too long.
    """
    signed_by = signed_by.strip()
    if not 0 < len(signed_by) <= LONGEST_SIGNATURE:
        raise Refused(
            Said(
                _("write position and name as they stand on the paper, in at most %(most)s characters"),
                {"most": LONGEST_SIGNATURE},
            )
        )
    Sop.objects.filter(pk=sop.pk).update(title=document.title.id)
    version: SopVersion = SopVersion.objects.create(
        government_id=sop.government_id,
        sop=sop,
        version=document.version,
        text=text,
        overlay=overlay,
        parent_id=parent_id,
        sha256=document.sha256,
        drafted_by=drafted_by,
        reviewed_by=reviewed_by,
        signed_by=signed_by,
        signed_at=clock.now(),
        in_force_from=document.dates.effective,
    )
    event = SopSigned(
        version_id=version.pk,
        version=version.version,
        sha256=version.sha256,
        signed_by=signed_by,
        in_force_from=version.in_force_from.isoformat(),
        editors=list(editors),
    )
    ledger.record(event, stream=stream(sop.pk), government_id=sop.government_id, actor=actor)
    return version
