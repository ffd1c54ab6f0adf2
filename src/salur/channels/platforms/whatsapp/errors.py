"""What an error of the WhatsApp Business Platform means, on top of the table of the Graph interface.

Source: WhatsApp Cloud API, "Error codes"; a failed message is told of in a status with the same codes.
"""

from salur.channels.outside import Action, Reply, Verdict
from salur.channels.platforms.loose import ident, table
from salur.channels.platforms.meta import errors as graph

PAIR = 16.0
"""131056, too many to one person: wait 4 to the power of the tries, in seconds; the second is told here."""
SLOW = 3600.0
"""131048, too much marked as spam, and others that pass by no quick try: Meta names no time, this wait is our own."""
WAIT = "WhatsApp asks us to wait"
FAILS = "WhatsApp fails for the moment"
UNREACHABLE = "this person cannot be reached on WhatsApp"
TEMPLATE = "the template is missing, paused or filled wrongly"
ROWS: dict[int, tuple[Action, str, float | None]] = {
    4: ("retry", WAIT, None),
    80007: ("retry", WAIT, None),
    130429: ("retry", WAIT, None),
    131048: ("retry", WAIT, SLOW),
    131056: ("retry_recipient", "too many messages to this person for now", PAIR),
    131064: ("retry", WAIT, SLOW),
    133016: ("retry", WAIT, SLOW),
    1: ("retry", FAILS, None),
    2: ("retry", FAILS, None),
    131000: ("retry", FAILS, None),
    131016: ("retry", FAILS, None),
    131053: ("retry", "WhatsApp could not take the file", None),
    131057: ("retry", "the account is in maintenance", None),
    131047: ("close_way", "more than 24 hours have passed since this person last wrote", None),
    131062: ("close_way", "WhatsApp does not take this kind of message to a person without a number", None),
    **dict.fromkeys((132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016), ("close_way", TEMPLATE, None)),
    131021: ("stop_recipient", "an account cannot write to itself", None),
    131026: ("stop_recipient", UNREACHABLE, None),
    131030: ("stop_recipient", "this number is not on the list of the test account", None),
    131050: ("stop_recipient", "this person wants no such messages", None),
    0: ("stop_account", "WhatsApp no longer accepts our token", None),
    368: ("stop_account", "WhatsApp has blocked this account for a while", None),
    131005: ("stop_account", "the account lacks a permission at WhatsApp", None),
    131031: ("stop_account", "WhatsApp has locked this account", None),
    131042: ("stop_account", "something is wrong with the payment at WhatsApp", None),
    131045: ("stop_account", "the number is not registered rightly at WhatsApp", None),
    133010: ("stop_account", "the number is not registered at WhatsApp", None),
}
UNKNOWN = ("1", "2")
"""Failures of the interface itself; all others tell of the message that it was not taken."""


def judge(reply: Reply) -> Verdict | None:
    """The verdict on an answer of the Cloud API; None where it is a good one."""
    code = ident(table(reply.data, "error"), "code")
    row = row_of(code)
    if row is None:
        return graph.judge(reply)
    action, reason, after = row
    return Verdict(action, reason, after=after, code=code, undone=code not in UNKNOWN)


def row_of(code: str) -> tuple[Action, str, float | None] | None:
    """What WhatsApp's own table says of a code; None where it is for the table of the Graph interface."""
    return ROWS.get(int(code)) if code.isascii() and code.isdecimal() and len(code) < 10 else None


def told_later(code: str) -> Verdict:
    """The verdict on a failure that a status tells of; one that no table knows is of this message alone."""
    action, reason, after = row_of(code) or ("stop_message", "WhatsApp did not deliver it", None)
    return Verdict(action, reason, after=after, code=code)
