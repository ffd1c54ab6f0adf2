"""What an error of the Graph interface means for what we wanted to do. Decided by code and subcode, never by message.

Sources: Graph API "Handling Errors"; Messenger Platform and Instagram error codes as logged by integrators; the codes
of throttling from Graph API "Rate Limits".
"""

from dataclasses import dataclass

from salur.channels.outside import Action, Reply, Verdict, by_status
from salur.channels.platforms.loose import table
from salur.channels.platforms.meta.usage import seconds_to_regain

DUPLICATE = "506"
_TRANSIENT = frozenset({1, 2, 4, 17, 32, 341, 613, *range(80000, 80015)})
_THROTTLED = _TRANSIENT - {1, 2}
_TOKEN = frozenset({102, 190})
_PERMISSION = frozenset({3, 10, *range(200, 300)})


@dataclass(frozen=True)
class _Row:
    action: Action
    reason: str


_WINDOW = _Row("close_way", "the time in which this person may be written to is over")
_PERSON = _Row("stop_recipient", "this person cannot be written to")
_GONE = _Row("close_way", "what we answer is not there any more, or not for us")
_BY_SUBCODE = {
    2018278: _WINDOW,  # Messenger: outside the allowed window
    2534022: _WINDOW,  # Instagram: outside the allowed window
    1545041: _PERSON,  # the person is not available: blocked us, or left
    2018108: _PERSON,  # the person cannot receive messages
    2018001: _PERSON,  # no such person for this Page
    2018292: _GONE,  # Messenger: no such comment to answer in private
    2018065: _Row("close_way", "the platform has not granted this way of answering"),
    2018047: _Row("stop_message", "the platform does not take this kind of file"),
    4279009: _Row("retry", "what is to be published is not ready yet"),  # Threads: container still in the making
}
_BY_CODE = {
    551: _PERSON,
    368: _Row("stop_account", "the platform has blocked this account for a while"),
    506: _Row("stop_message", "the platform says that this has just been said"),
    803: _GONE,
    10900: _Row("close_way", "this has already been answered in private"),
    10903: _Row("close_way", "this cannot be answered in private"),
}
_BY_BOTH = {(100, 33): _GONE}


def judge(reply: Reply) -> Verdict | None:
    """The verdict on an answer of the Graph interface; None where it is a good one.

    The verdict's code is `code` or `code/subcode`.
    """
    error = table(reply.data, "error")
    code = _number(error.get("code"))
    if not error or code is None:
        return by_status(reply)
    subcode = _number(error.get("error_subcode"))
    row = _row(code, subcode, error.get("is_transient") is True or reply.status >= 500)
    told = f"{code}/{subcode}" if subcode else str(code)
    after = seconds_to_regain(reply.headers) if code in _THROTTLED else None
    return Verdict(row.action, row.reason, after=after, code=told, undone=code in _THROTTLED)


def is_permission(code: str) -> bool:
    """Whether a verdict's code says that a permission is missing (and not, say, that a window is closed)."""
    number, _, subcode = code.partition("/")
    if not number.isdecimal() or int(number) not in _PERMISSION:
        return False
    return not subcode.isdecimal() or int(subcode) not in _BY_SUBCODE


def _row(code: int, subcode: int | None, transient: bool) -> _Row:
    exact = _BY_BOTH.get((code, subcode or 0)) or _BY_SUBCODE.get(subcode or 0)
    if exact is not None:
        return exact
    if code in _TOKEN:
        return _Row("stop_account", "the platform no longer accepts our token")
    if code in _TRANSIENT or transient:
        told = "the platform asks us to wait" if code in _THROTTLED else "the platform fails for the moment"
        return _Row("retry", told)
    if code in _BY_CODE:
        return _BY_CODE[code]
    if code in _PERMISSION:
        return _Row("stop_account", "the account lacks a permission at the platform")
    return _Row("stop_message", "the platform refused it")


def _number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 12 else None
