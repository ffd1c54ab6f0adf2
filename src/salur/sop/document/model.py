"""The whole SOP document. Pure."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, Field

from salur.sop.document.accounts import OfficialAccounts
from salur.sop.document.paper import Approver, Dates, Revision, Step
from salur.sop.document.rules import (
    Actor,
    ChannelRule,
    Closure,
    Handover,
    HorizonRule,
    KindRule,
    Obligation,
    PauseReason,
    Template,
)
from salur.sop.document.values import Code, Note, Part, Text, Title, codes_once
from salur.sop.words import CaseKind, HorizonName
from salur.worktime.spans import Span


class SopDocument(Part):
    """One version of one SOP. Make it with `load`; `proofs.check` tells whether it may be signed."""

    code: Code
    title: Title
    unit: Note = ""
    number: Text
    version: Annotated[int, Field(ge=1, strict=True)]
    dates: Dates
    approver: Approver
    legal_basis: Annotated[tuple[Text, ...], Field(min_length=1)]
    qualifications: tuple[Text, ...] = ()
    related: tuple[Text, ...] = ()
    equipment: tuple[Text, ...] = ()
    warnings: tuple[Text, ...] = ()
    records: tuple[Text, ...] = ()
    actors: Annotated[dict[Code, Actor], Field(min_length=1)]
    kinds: Annotated[dict[CaseKind, KindRule], Field(min_length=1)]
    channels: dict[Code, ChannelRule] = {}
    obligations: Annotated[tuple[Obligation, ...], Field(min_length=1), AfterValidator(codes_once)]
    pause_reasons: Annotated[tuple[PauseReason, ...], AfterValidator(codes_once)] = ()
    handover: Handover
    closure: Closure
    horizons: dict[HorizonName, HorizonRule]
    templates: dict[Code, Template] = {}
    official_accounts: OfficialAccounts
    steps: Annotated[tuple[Step, ...], Field(min_length=1), AfterValidator(codes_once)]
    revisions: tuple[Revision, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """The hash of the content: the same for two texts that differ only in layout, comments and order of fields."""
        fields = self.model_dump(mode="json")
        for rule in fields["channels"].values():
            if rule["answer_in"] == "same":  # it came later: what was signed before keeps its hash
                del rule["answer_in"]
        content = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    @cached_property
    def answers_elsewhere(self) -> dict[str, str]:
        """The channels that are not simply answered where the citizen spoke, each with where."""
        return {name: rule.answer_in for name, rule in self.channels.items() if rule.answer_in != "same"}

    @cached_property
    def pauses(self) -> Mapping[str, PauseReason]:
        """The pause reasons by code."""
        return {reason.code: reason for reason in self.pause_reasons}

    def answer_limit(self, kind: str) -> Span:
        """The answer limit of a kind. A kind the document does not know gets the first limit, never none."""
        for name, rule in self.kinds.items():
            if name == kind:
                return rule.answer_within
        return next(iter(self.kinds.values())).answer_within
