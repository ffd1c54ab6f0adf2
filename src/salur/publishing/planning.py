"""Gathers what `plan` needs to know of one dispatch, and no more than its platform's ways ask about."""

from typing import NamedTuple, cast

from salur.channels.registry import platform
from salur.channels.ways import Way
from salur.kernel import clock
from salur.publishing.asked import OneByOne
from salur.publishing.models import Dispatch
from salur.publishing.outbound import is_automatic, templates_of, wording_of
from salur.publishing.personal import Known, asks_for_personal_data, personal_data
from salur.publishing.plan import AnswerIn, Context, NotPermitted, Planned, Wish, plan
from salur.publishing.wording import Wording

OURS = frozenset({"page", "mail", "hand"})
"""Ways on which no platform stands between us and the citizen, and so none keeps a list of whom we may write to."""


class Gathered(NamedTuple):
    """What the plan of one dispatch rests on."""

    ways: tuple[Way, ...]
    context: Context
    wish: Wish
    wording: Wording


def gather(dispatch: Dispatch, asked: OneByOne, *, hold: bool = False) -> Gathered:
    """What is known of a dispatch now. It comes with its reply, case, agency, government, account and message.

    It need not be saved. `asked` answers what stands in the database. With `hold` the money left is held until the end
    of the caller's transaction.
    """
    ways = platform(dispatch.account.platform).capabilities.ways
    wish = _wish(dispatch, ways, asked)
    in_public = any(way.public for way in ways) and _audience(dispatch) == "public"
    known = asked.people(dispatch.reply.case) if in_public else Known()
    money = asked.money_left(dispatch.government, hold=hold) if any(way.cost for way in ways) else None
    personal = in_public and bool(personal_data(dispatch.reply.text, known))
    context = _context(dispatch, ways, asked, money_left=money, personal=personal)
    return Gathered(ways, context, wish, wording_of(dispatch, known, paid=any(way.cost for way in ways)))


def planned(dispatch: Dispatch) -> Planned | NotPermitted:
    """How this dispatch may be said now; see `gather`. In a transaction the money left is held until its end."""
    found = gather(dispatch, OneByOne(), hold=True)
    return plan(found.ways, found.context, found.wish, found.wording.on)


def _wish(dispatch: Dispatch, ways: tuple[Way, ...], asked: OneByOne) -> Wish:
    """Where to answer, where there is a choice: as the drafter chose, else as the SOP says of this channel."""
    reply = dispatch.reply
    answer_in = cast(AnswerIn, reply.answer_in or "same")
    if not reply.answer_in and any(way.public for way in ways) and any(not way.public for way in ways):
        answer_in = cast(AnswerIn, asked.answer_in(reply.case).get(dispatch.account.platform, "same"))
    asks = reply.purpose == "question" and asks_for_personal_data(reply.text)
    return Wish(answer_in, reply.purpose, asks)


def _audience(dispatch: Dispatch) -> str:
    return dispatch.message.audience if dispatch.message else "private"


def _context(
    dispatch: Dispatch, ways: tuple[Way, ...], asked: OneByOne, *, money_left: int | None, personal: bool
) -> Context:
    account, message, voice = dispatch.account, dispatch.message, dispatch.voice
    capabilities = platform(account.platform).capabilities
    features = account.view().features
    by_platform = any(way.name not in OURS for way in ways)
    by_person = any(way.window and way.opened_by == "person" for way in ways)
    return Context(
        now=clock.now(),
        audience="public" if _audience(dispatch) == "public" else "private",
        said_at=message.spoken_at if message else None,
        last_private_word=asked.last_private_word(account.pk, dispatch.to_index) if by_person else None,
        closed_ways=frozenset(dispatch.closed_ways),
        private_reply_used=any(way.once for way in ways) and _used(dispatch, asked),
        features=features,
        templates=frozenset(templates_of(dispatch)),
        # None where what came did not tell: then the platform itself decides. X frees Enterprise from its rule.
        summoned="enterprise" in features or message is None or message.answer_at.get("summoned") is not False,
        automatic=is_automatic(dispatch),
        confidential=dispatch.reply.case.confidential or voice.confidential,
        personal=personal,
        reachable=bool(dispatch.to) or not capabilities.needs_address,
        may_be_written_to=not by_platform or asked.may_be_written_to(account.pk, dispatch.to_index),
        money_left=money_left,
        deep_link=_deep_link(dispatch),
    )


def _deep_link(dispatch: Dispatch) -> str:
    """Where an officer answers by hand: at the message, else at what it was said under, else at the account itself."""
    message, voice = dispatch.message, dispatch.voice
    seen = message is not None and not (voice.anonymous or voice.confidential)
    found = (message.link, message.post.get("link", "")) if seen and message else ()
    links = (one for one in (*found, dispatch.account.link) if str(one).startswith(("https://", "http://")))
    return next(links, "")[:500]


def _used(dispatch: Dispatch, asked: OneByOne) -> bool:
    return dispatch.message_id is not None and asked.private_reply_used(dispatch.message_id, dispatch.pk)
