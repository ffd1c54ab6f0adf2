"""A gate with one account behind it, for whoever asks for them by name."""

import pytest
from tests.intake.gate import NAME, SignedPlatform, new_account

from salur.channels import registry
from salur.channels.models import Account


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> SignedPlatform:
    made = SignedPlatform()
    monkeypatch.setitem(registry.PLATFORMS, NAME, made)
    return made


@pytest.fixture
def account(platform: SignedPlatform) -> Account:
    return new_account()
