"""The way of one report through the house: which files it touches, who calls whom, and whether any two call each other.

The way begins with the filled form and ends when the answer that two officers gave has gone out. Calls are followed
through libraries: where a file of ours makes Django call another file of ours, that counts as its call.
"""

import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from django.db import connection

from salur.agencies.models import Member
from salur.cases.handle import verify
from salur.cases.models import CaseMessage
from salur.channels.models import Account
from salur.channels.queries import web_account
from salur.config.bench.invented import reports
from salur.config.bench.measure_rules import PROVINCE
from salur.config.bench.officers import officer
from salur.config.ready import government
from salur.journey.act import act
from salur.journey.worker import run_until_quiet
from salur.kernel import ledger
from salur.portal.filing import file_form
from salur.publishing.replies import approve, draft

HOUSE = str(Path(__file__).parents[2])
LOOKER = "config/bench/"
SURE = "Jalan berlubang"
"""How a report begins whose agency the rules are sure of: the way of most."""
INLINE = {"<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>", "<module>"}
"""Code that runs where it is consumed: not a call of its own."""


@dataclass
class Way:
    """What was seen: functions by file, calls from file to file with one example each, and queries by file."""

    functions: set[tuple[str, str]] = field(default_factory=set)
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)
    queries: Counter[str] = field(default_factory=Counter)
    house: str = HOUSE

    @property
    def files(self) -> list[str]:
        """The files in which something ran."""
        return sorted({file for file, _ in self.functions})

    @property
    def two_way(self) -> list[tuple[str, str]]:
        """Pairs of files that called each other."""
        return sorted((a, b) for a, b in self.calls if a < b and (b, a) in self.calls)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch everything this thread calls and asks the database inside the block."""
        places: dict[tuple[str, str], str] = {}

        def place(code: CodeType) -> str:
            key = code.co_filename, code.co_name  # code objects of two files may be equal
            if key not in places:
                inside = code.co_filename.startswith(self.house) and code.co_name not in INLINE
                found = code.co_filename[len(self.house) + 1 :] if inside else ""
                places[key] = "" if found.startswith(LOOKER) else found
            return places[key]

        def above(frame: FrameType | None) -> tuple[str, str]:
            while frame is not None:
                if found := place(frame.f_code):
                    return found, frame.f_code.co_qualname
                frame = frame.f_back
            return "", ""

        def note(frame: FrameType, event: str, _argument: Any) -> None:
            if event == "call" and (file := place(frame.f_code)):
                self.functions.add((file, frame.f_code.co_qualname))
                caller, name = above(frame.f_back)
                if caller and caller != file:
                    self.calls[caller, file] += 1
                    self.examples.setdefault((caller, file), f"{name} -> {frame.f_code.co_qualname}")

        def asked(execute: Callable[..., Any], *arguments: Any) -> Any:
            self.queries[above(sys._getframe())[0] or "elsewhere"] += 1
            return execute(*arguments)

        with connection.execute_wrapper(asked):
            sys.setprofile(note)
            try:
                yield
            finally:
                sys.setprofile(None)

    def to_json(self) -> dict[str, Any]:
        """For --json."""
        return {
            "files": self.files,
            "functions": len(self.functions),
            "calls": len(self.calls),
            "two_way": [[a, b, self.examples[a, b], self.examples[b, a]] for a, b in self.two_way],
            "queries": dict(self.queries.most_common()),
        }


def follow() -> dict[str, Way]:
    """Two reports from the form to the answer, by stage; the first fills what is read once, the second is watched.

    Stages: "acknowledged" (form, reading, case, SOP, acknowledgement), "answered" (verified, drafted, approved, sent).
    """
    province = government(PROVINCE)
    account = web_account(province.pk)
    if account is None:
        raise LookupError("the province has no portal: load the base first")
    officers = [officer(province, "bmbk", role) for role in ("operator", "approver")]
    _walk(account, officers, Way(), Way())
    stages = {"acknowledged": Way(), "answered": Way()}
    _walk(account, officers, *stages.values())
    return stages


def _walk(account: Account, officers: list[Member], acknowledged: Way, answered: Way) -> None:
    said = next(one for one in reports() if one.title.startswith(SURE))
    form = {"title": said.title, "text": said.text, "name": said.name}
    with acknowledged.watching():
        key = file_form(account, uuid.uuid4(), form)
        run_until_quiet()
    case_id = CaseMessage.objects.values_list("case_id", flat=True).get(message__external_id=str(key))
    operator, approver = (ledger.member(one.pk) for one in officers)
    with answered.watching():
        act(verify, case_id, actor=operator)
        reply = act(draft, case_id, purpose="answer", text="Sudah kami tangani.", actor=operator)
        act(approve, reply.pk, actor=approver)
        run_until_quiet()
