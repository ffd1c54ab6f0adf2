"""A year of invented cases: the acts of people, and what the SOP room wrote about them, as whole journals.

A life is one case's journal as the verbs would have written it, receipts left out, for no clock waits for them. People
act in working time, some slowly; agencies differ; citizens are silent, answer or come back. The same seed gives the
same lives. It needs no database.
"""

import random
from collections.abc import Iterator
from datetime import datetime, time

from salur.config.bench.history_acts import live
from salur.config.bench.history_life import Life, Slow, World, YearOver

__all__ = ["Life", "Slow", "World", "lives"]

KINDS = {"complaint": 72, "aspiration": 12, "information_request": 12, "supervisory_complaint": 4}
CHANNELS = {
    **{"web": 30, "whatsapp": 20, "instagram": 12, "facebook": 12, "counter": 10, "email": 8, "sp4n": 6, "x": 2},
}
MONTHS = (12, 11, 10, 9, 8, 7, 7, 7, 7, 8, 10, 12)
"""Weights of the months: roads break and rivers rise in the rainy season."""
HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 12, 12, 11, 10, 9, 9, 9, 9, 8, 7, 7, 8, 8, 6, 4, 2)
"""Weights of the hours in which citizens speak."""


def lives(world: World, count: int, seed: int = 7, first: int = 0) -> Iterator[Life]:
    """The lives with the numbers `first` to `first + count - 1`, each told until it is over or `world.until` comes.

    Each follows from the seed and its number alone, so that any part of a history can be told by itself.
    """
    rank = [1 / (place + 3) for place in range(len(world.agencies))]
    for number in range(first, first + count):
        dice = random.Random(f"{seed}:{number}")
        agency = dice.choices(world.agencies, rank)[0][0]
        life = Life(
            world=world,
            number=number,
            dice=dice,
            kind=dice.choices(list(KINDS), list(KINDS.values()))[0],
            channel=dice.choices(list(CHANNELS), list(CHANNELS.values()))[0],
            spoken_at=(spoken := _spoken(world, dice)),
            agency=agency,
            pace=random.Random(f"{seed}:agency:{agency}").uniform(0.75, 1.3),
            at=spoken,
        )
        try:
            live(life)
            life.wait_until(world.until)
        except YearOver:
            pass
        yield life


def _spoken(world: World, dice: random.Random) -> datetime:
    zone = world.calendars.default.timezone
    while True:
        day = (world.since + dice.random() * (world.until - world.since)).astimezone(zone)
        if dice.random() * max(MONTHS) > MONTHS[day.month - 1]:
            continue
        hour = dice.choices(range(24), HOURS)[0]
        at = datetime.combine(day.date(), time(hour, dice.randrange(60), dice.randrange(60)), zone)
        if world.since <= at < world.until:
            return at
