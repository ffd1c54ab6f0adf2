"""The only place that knows which platforms there are: one line each."""

from salur.channels.platforms.counter.adapter import CounterPlatform
from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.platforms.sp4n.adapter import Sp4nPlatform
from salur.channels.platforms.web.adapter import WebPlatform
from salur.channels.ports import Platform

PLATFORMS: dict[str, Platform] = {
    "email": EmailPlatform(),
    "web": WebPlatform(),
    "counter": CounterPlatform(),
    "sp4n": Sp4nPlatform(),
}


class UnknownPlatform(LookupError):
    """No platform of this name is built in; the text lists those that are."""


def platform(name: str) -> Platform:
    """The platform of this name; raises UnknownPlatform."""
    found = PLATFORMS.get(name)
    if found is None:
        raise UnknownPlatform(f"there is no platform '{name}'; known are {', '.join(sorted(PLATFORMS))}")
    return found
