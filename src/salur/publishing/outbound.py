"""The words of an answer to one citizen, and the message in which a platform is asked to say them."""

from django.utils import translation
from django.utils.translation import gettext

from salur.cases.models import Case
from salur.channels.ports import Outbound
from salur.channels.ways import Way
from salur.kernel import ledger
from salur.publishing.models import Dispatch
from salur.publishing.personal import Known
from salur.publishing.wording import Wording

FOLDED = "said together with the acknowledgement"
"""The problem of a sending that was folded into another, where each message costs money."""


def is_automatic(dispatch: Dispatch) -> bool:
    """Whether a program says it: without signature, and only where a platform permits programs to speak."""
    return dispatch.reply.drafted_by == ledger.SYSTEM


def wording_of(dispatch: Dispatch, known: Known, *, paid: bool) -> Wording:
    """What is to be said to this citizen; of what was begun, the messages that are still to be said.

    `paid`: messages cost on this account, so that notices may have been folded into its acknowledgement.
    """
    case, automatic = dispatch.reply.case, is_automatic(dispatch)
    begun = bool(dispatch.said)
    with translation.override("id"):
        return Wording(
            text="\n\n".join(dispatch.texts[len(dispatch.said) :]) if begun else dispatch.reply.text,
            number=case.number,
            link=case.link,
            signature="" if automatic or begun else _signature(case),
            short_signature="" if automatic or begun else _short_signature(case),
            bare_signature="" if automatic or begun else _bare_signature(case),
            ending=gettext("In full: %(link)s") % {"link": case.link},
            bare_ending=gettext("In full under report number %(number)s") % {"number": case.number},
            automatic=automatic,
            notices=_folded_into(dispatch) if paid and not begun else (),
            known=known,
        )


def outbound_of(dispatch: Dispatch, way: Way | None) -> Outbound:
    """The next message of a planned dispatch, as the platform is asked to say it. The message answered is loaded.

    In public nobody is called by name.
    """
    message, part = dispatch.message, len(dispatch.said)
    text = dispatch.texts[part] if part < len(dispatch.texts) else dispatch.reply.text
    return Outbound(
        once_key=dispatch.once_key if not part else f"{dispatch.once_key}.{part + 1}",
        to=dispatch.to,
        to_name="" if way and way.public else dispatch.to_name,
        text=text,
        subject=_subject(dispatch),
        in_reply_to=dispatch.in_reply_to,
        references=tuple(dispatch.references),
        thread_token=dispatch.thread_token,
        automatic=is_automatic(dispatch),
        way=dispatch.way,
        place=message.place if message else "",
        root_id=message.root_id if message else "",
        answer_at=message.answer_at if message else {},
        began_at=dispatch.first_tried_at or dispatch.claimed_at,
        template=_template(dispatch, text) if dispatch.way == "template" else {},
    )


def templates_of(dispatch: Dispatch) -> dict[str, dict[str, str]]:
    """The approved templates of the account by purpose, each with its `name` and `language`."""
    found = dispatch.account.settings.get("templates")
    entries = found.items() if isinstance(found, dict) else ()
    return {purpose: one for purpose, one in entries if isinstance(one, dict) and one.get("name")}


def _template(dispatch: Dispatch, text: str) -> dict[str, str]:
    """The template approved for this purpose, with the words as its only parameter."""
    one = templates_of(dispatch).get(dispatch.reply.purpose, {})
    return {"name": str(one.get("name", "")), "language": str(one.get("language", "id")), "text": text}


def _folded_into(dispatch: Dispatch) -> tuple[str, ...]:
    """The notices that are said in one message with this acknowledgement."""
    if dispatch.reply.purpose != "acknowledgement":
        return ()
    rows = Dispatch.objects.filter(reply__case_id=dispatch.reply.case_id, voice_id=dispatch.voice_id, problem=FOLDED)
    return tuple(rows.filter(state=Dispatch.State.WITHDRAWN).order_by("id").values_list("reply__text", flat=True))


def _subject(dispatch: Dispatch) -> str:
    """The subject of the citizen's own message, marked as an answer once (RFC 5322, section 3.6.5)."""
    answers = dispatch.subject.casefold().startswith(("re:", "bls:"))
    return dispatch.subject if answers or not dispatch.in_reply_to else f"Re: {dispatch.subject}"


def _signature(case: Case) -> str:
    """Who speaks, about which report, and how to answer: what a person's own words leave out."""
    return gettext(
        "%(agency)s, %(government)s\nReport %(number)s, its history: %(link)s\nIf this does not settle it, just "
        "answer this message."
    ) % {**_speaker(case), "number": case.number, "link": case.link}


def _short_signature(case: Case) -> str:
    """The same without how to answer, where that line would cost a message of its own."""
    return gettext("%(agency)s, %(government)s\nReport %(number)s, its history: %(link)s") % {
        **_speaker(case),
        "number": case.number,
        "link": case.link,
    }


def _bare_signature(case: Case) -> str:
    """The same where links cost or are not wanted."""
    return gettext("%(agency)s, %(government)s\nReport %(number)s") % {**_speaker(case), "number": case.number}


def _speaker(case: Case) -> dict[str, str]:
    return {"agency": case.agency.name if case.agency else case.government.name, "government": case.government.name}
