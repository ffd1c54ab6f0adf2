"""How tests write, review and sign drafts of the province's SOP."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from salur.journey.act import act
from salur.sop import drafts
from salur.sop.document.load import load
from salur.sop.models import SopDraft, SopVersion
from salur.sop.sign import sign
from salur.sop.versions import Refused

CODE = "case_handling"
NOW = datetime.fromisoformat("2026-11-24T09:00:00+07:00")


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def save(draft: SopDraft, actor: str, *pairs: tuple[str, str], what: str = "") -> SopDraft:
    text = changed(draft.text, *pairs)
    return act(drafts.save, draft.pk, base_revision=draft.revision, text=text, what=what, actor=actor)


def refusal(call: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return str(refused.value)


FROM_DECEMBER = ("effective: 2025-01-02", "effective: 2026-12-01")
FASTER = ("within: 5 working_days", "within: 3 working_days")


def signed(draft: SopDraft, actor: str, **other: Any) -> SopVersion:
    how = {"sha256": load(draft.text).sha256, "signed_as": "Sekretaris Daerah, Contoh Pejabat"} | other
    return act(sign, draft.pk, actor=actor, **how)
