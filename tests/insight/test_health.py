"""What the doctor says of the address that papers and messages carry."""

import pytest
from django.test import override_settings
from tests.world import Lampung

from salur.insight.health import examine
from salur.kernel.tenancy import EVERYTHING, use


@pytest.mark.parametrize(
    ("base", "level"),
    [
        ("http://127.0.0.1:8000", "warning"),
        ("http://localhost", "warning"),
        ("http://[::1]:8000", "warning"),
        ("http://0.0.0.0:8000", "warning"),
        ("https://salur.example", "ok"),
        ("http://192.168.1.20:8000", "ok"),
    ],
)
def test_a_base_address_that_no_citizen_reaches_is_warned_of(lampung: Lampung, base: str, level: str) -> None:
    with override_settings(SALUR_BASE_URL=base), use(EVERYTHING):
        [found] = [one for one in examine() if one.check == "address"]
    assert found.level == level and base in found.text
    assert ("SALUR_BASE_URL" in found.mend) == (level == "warning")
