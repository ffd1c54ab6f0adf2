"""The route as a page: `docs/PATH.md` is written from it, and a test holds the two together."""

import inspect
from collections.abc import Callable
from typing import Any

from salur.intake.understand import understand
from salur.journey.route import ROUTE
from salur.publishing.dispatch import conclude, read_back, transmit
from salur.sop.advance import advance
from salur.sop.silence import close_by_silence

QUEUES: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("deliveries that were received", understand),
    ("dispatches that wait", transmit),
    ("dispatches that were tried", conclude),
    ("dispatches that are uncertain", read_back),
    ("every case a verb touched", advance),
    ("cases whose silence has run out", close_by_silence),
)
"""What the worker takes from queues that hold no events."""

HEAD = """# The path of what a citizen says

Written from `src/salur/journey/route.py` by `make path`; do not edit. Every event lies in the ledger; the verbs behind
it run in this order, each once, in one transaction with the projection of the case they touch.

| When this is written down | this verb follows | and does |
| --- | --- | --- |
"""
ENDS = """
## Before the first event and after the last

| Queue | Verb | Does |
| --- | --- | --- |
"""


def as_markdown() -> str:
    """The page: a row for every event and verb of the route, then the queues that stand at its two ends."""
    rows = [f"| `{kind}` | {_named(verb)} | {_meaning(verb)} |" for kind, verbs in ROUTE.items() for verb in verbs]
    ends = [f"| {name} | {_named(verb)} | {_meaning(verb)} |" for name, verb in QUEUES]
    return HEAD + "\n".join(rows) + "\n" + ENDS + "\n".join(ends) + "\n"


def _named(verb: Callable[..., Any]) -> str:
    return f"`{verb.__module__.removeprefix('salur.').replace('.', '/')}.{verb.__name__}`"


def _meaning(verb: Callable[..., Any]) -> str:
    sentence = " ".join((inspect.getdoc(verb) or "").split("\n\n")[0].split())
    return sentence.partition(" Heard on ")[0].replace("|", "\\|")
