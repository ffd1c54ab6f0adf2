"""The only place that knows which platforms there are: one line each."""

from salur.channels.platforms.counter.adapter import CounterPlatform
from salur.channels.platforms.email.adapter import EmailPlatform
from salur.channels.platforms.facebook.adapter import FacebookPlatform
from salur.channels.platforms.instagram.adapter import InstagramPlatform
from salur.channels.platforms.mastodon.adapter import MastodonPlatform
from salur.channels.platforms.matrix.adapter import MatrixPlatform
from salur.channels.platforms.open311.adapter import Open311Platform
from salur.channels.platforms.phone.adapter import PhonePlatform
from salur.channels.platforms.sms.adapter import SmsPlatform
from salur.channels.platforms.sp4n.adapter import Sp4nPlatform
from salur.channels.platforms.telegram.adapter import TelegramPlatform
from salur.channels.platforms.threads.adapter import ThreadsPlatform
from salur.channels.platforms.tiktok.adapter import TikTokPlatform
from salur.channels.platforms.web.adapter import WebPlatform
from salur.channels.platforms.webhook.adapter import WebhookPlatform
from salur.channels.platforms.whatsapp.adapter import WhatsAppPlatform
from salur.channels.platforms.x.adapter import XPlatform
from salur.channels.platforms.youtube.adapter import YouTubePlatform
from salur.channels.ports import Platform

PLATFORMS: dict[str, Platform] = {
    "email": EmailPlatform(),
    "web": WebPlatform(),
    "counter": CounterPlatform(),
    "sp4n": Sp4nPlatform(),
    "facebook": FacebookPlatform(),
    "instagram": InstagramPlatform(),
    "threads": ThreadsPlatform(),
    "telegram": TelegramPlatform(),
    "mastodon": MastodonPlatform(),
    "matrix": MatrixPlatform(),
    "sms": SmsPlatform(),
    "webhook": WebhookPlatform(),
    "phone": PhonePlatform(),
    "open311": Open311Platform(),
    "tiktok": TikTokPlatform(),
    "whatsapp": WhatsAppPlatform(),
    "x": XPlatform(),
    "youtube": YouTubePlatform(),
}


class UnknownPlatform(LookupError):
    """No platform of this name is built in; the text lists those that are."""


def platform(name: str) -> Platform:
    """The platform of this name; raises UnknownPlatform."""
    found = PLATFORMS.get(name)
    if found is None:
        raise UnknownPlatform(f"there is no platform '{name}'; known are {', '.join(sorted(PLATFORMS))}")
    return found
