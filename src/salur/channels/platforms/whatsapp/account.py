"""Looking after a number of WhatsApp: whether it works, having Meta call our hook, addresses of files.

Sources: WhatsApp Cloud API, "Phone numbers", "Subscribe to a WhatsApp Business Account" (`override_callback_uri`),
"Media" (an address is good for five minutes and wants the token).
"""

from salur.channels.outside import api_base
from salur.channels.platforms.loose import each, ident, words
from salur.channels.platforms.meta.graph import FACEBOOK
from salur.channels.platforms.meta.health import Findings, examined, look_at_token
from salur.channels.platforms.text import clean_line
from salur.channels.platforms.whatsapp.send import graph
from salur.channels.ports import AccountView, Download, FetchFailed, Health, MediaRef, SendFailed

SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")
GOOD = ("", "CONNECTED")


def probe(account: AccountView) -> Health:
    """The number, the token with its permissions, and whether Meta calls our hook; never raises."""

    def look(found: Findings) -> None:
        meta = graph(account)
        number = meta.get(account.address, fields="verified_name,display_phone_number,quality_rating,status")
        found.name = clean_line(words(number, "verified_name") or words(number, "display_phone_number"))[:160]
        found.add("token", True)
        status = ident(number, "status")
        found.add("account", status in GOOD, f"WhatsApp says that the number is {status}")
        look_at_token(found, account, meta, FACEBOOK, SCOPES)
        _look_at_hook(found, account)

    return examined(look)


def _look_at_hook(found: Findings, account: AccountView) -> None:
    """Whether our app is subscribed, and to our own hook; nothing is claimed where the business account is unknown."""
    business = ident(account.settings, "waba_id")
    if not business:
        return
    listed = graph(account).get(business, "subscribed_apps")
    app = ident(account.settings, "app_id")
    ours = [one for _, one in each(listed, "data") if not app or ident(one, "whatsapp_business_api_data", "id") == app]
    elsewhere = [one for one in ours if words(one, "override_callback_uri") not in ("", account.hook_url)]
    found.subscribed = bool(ours) and len(elsewhere) < len(ours)
    detail = "Meta calls another hook: subscribe again" if ours else "Meta does not call our app: subscribe again"
    found.add("subscription", found.subscribed, detail)


def subscribe(account: AccountView) -> Health:
    """Have Meta call our hook for this business account, then probe; never raises."""

    def ask(found: Findings) -> None:
        business = ident(account.settings, "waba_id")
        if not business:
            raise FetchFailed("WhatsApp: the id of the business account is not set")
        wanted = {}
        if account.hook_url:
            token = account.credentials.get("verify_token", "")
            wanted = {"override_callback_uri": account.hook_url, "verify_token": token}
        meta = graph(account)
        meta.outside.look("POST", meta.path(business, "subscribed_apps"), json=wanted)

    asked = examined(ask)
    return probe(account) if asked.ok else asked


def locate(account: AccountView, media: MediaRef) -> Download:
    """The address of a file for five minutes, and the token it wants; raises FetchFailed."""
    if not media.media_id:
        raise FetchFailed("WhatsApp named no file")
    try:
        told = graph(account).get(media.media_id)
    except SendFailed as error:
        raise FetchFailed(error.reason) from None
    url = words(told, "url")
    if not url:
        raise FetchFailed("WhatsApp named no address for this file")
    return Download(url, {"authorization": f"Bearer {account.credentials.get('access_token', '')}"}, api_base(account))
