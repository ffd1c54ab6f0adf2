"""What was refused is counted once, however long the gate goes on."""

import asyncio

import pytest
from tests.intake.gate import NAME, SignedPlatform, ask, new_account

from salur.channels import registry
from salur.intake.gate import tally
from salur.intake.gate.entrance import Gate
from salur.intake.models import HookCount
from salur.kernel.tenancy import EVERYTHING, use


@pytest.mark.django_db(transaction=True)
def test_a_refusal_is_counted_once_however_often_the_counts_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.PLATFORMS, NAME, SignedPlatform())
    monkeypatch.setattr(tally, "EVERY", 0.05)
    new_account()
    written: list[int] = []
    write = tally.Tally.write

    async def counting(self: tally.Tally) -> None:
        await write(self)
        written.append(sum(self._counts.values()))

    monkeypatch.setattr(tally.Tally, "write", counting)

    async def refused() -> None:
        gate = Gate("https://salur.test")
        try:
            for number in range(3):
                assert (await ask(gate, b"%d" % number)).status == 401
                await asyncio.sleep(0.2)
        finally:
            await gate.close()

    asyncio.run(refused())
    assert len(written) >= 4, "it was written several times"
    assert written[-1] == 0, "what was written does not wait any more"
    with use(EVERYTHING):
        assert list(HookCount.objects.values_list("reason", "number")) == [("bad_signature", 3)]
