"""A process that takes in hostile bodies round after round and tells how much memory it came to hold.

`python -m tests.channels.hostile_rounds parse ROUNDS` gives each body to every platform's parse, as a hook brings it
and as a poll does. `... gate ROUNDS DATABASE KEYS` gives each, unsigned, to the gate at these accounts' addresses
("platform/key", comma between). Every body is another one each time, so that nothing can be remembered by it. Prints
JSON: `resident`, the bytes before the first round, after the warm-up and after the last; `refused`, how often the gate
answered which status.
"""

import asyncio
import json
import os
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

WARM_UP = 20


def resident() -> int:
    """The bytes of memory this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def bodies(number: int) -> Iterator[bytes]:
    """The hostile bodies of one round: white space behind a body changes what it is and not what it says."""
    from tests.channels.test_conformance import HOSTILE

    for body in HOSTILE:
        yield body + b"\n" + b" " * number


def measured(rounds: int, one_round: Callable[[int], None]) -> list[int]:
    """What the process held before, after the warm-up, and after so many further rounds."""
    found = [resident()]
    for number in range(WARM_UP + rounds):
        if number == WARM_UP:
            found.append(resident())
        one_round(number)
    return [*found, resident()]


def parse(rounds: int) -> list[int]:
    """Round after round through every platform's parse."""
    from tests.channels.test_conformance import NAMES, NOW, account

    from salur.channels.ports import Raw, Unreadable
    from salur.channels.registry import PLATFORMS

    accounts = {name: account(name) for name in NAMES}

    def one_round(number: int) -> None:
        for place, body in enumerate(bodies(number)):
            for via in ("hook", "poll"):
                raw = Raw(f"{number}-{place}", body, "application/json", received_at=NOW, via=via)
                for name in NAMES:
                    try:
                        list(PLATFORMS[name].parse(accounts[name], raw))
                    except Unreadable:
                        continue

    return measured(rounds, one_round)


def gate(rounds: int, database: str, keys: list[str]) -> tuple[list[int], Counter[int]]:
    """Round after round through the gate, in one event loop."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "salur.config.settings"
    import django
    from django.db import connection

    django.setup()
    connection.settings_dict["NAME"] = database
    from tests.intake.gate import ask

    from salur.intake.gate.entrance import Gate

    answers: Counter[int] = Counter()
    loop, door = asyncio.new_event_loop(), Gate("https://salur.test")

    async def all_at_once(number: int) -> None:
        calls = [ask(door, body, path=f"/hooks/{key}") for body in bodies(number) for key in keys]
        answers.update([told.status for told in await asyncio.gather(*calls)])

    try:
        return measured(rounds, lambda number: loop.run_until_complete(all_at_once(number))), answers
    finally:
        loop.run_until_complete(door.close())
        loop.close()


if __name__ == "__main__":
    how, count = sys.argv[1], int(sys.argv[2])
    held, told = (parse(count), Counter[int]()) if how == "parse" else gate(count, sys.argv[3], sys.argv[4].split(","))
    json.dump({"resident": held, "refused": told}, sys.stdout)
