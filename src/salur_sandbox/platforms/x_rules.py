"""X's counting of characters, its rate limits and its problem documents."""

import re
import unicodedata

from salur_sandbox.answers import Json, Refusal

MOST = 280
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that weigh one; all others weigh two (twitter-text, configuration 3)."""
URL = re.compile(r"https?://[^\s]+|\b(?:[a-z0-9-]+\.)+(?:com|org|net|id|go\.id|co\.id|test)(?:/[^\s]*)?", re.I)
EMOJI = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}"
    "|[0-9#*]\ufe0f?\u20e3"
    "|[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff](?:\ufe0f|[\U0001f3fb-\U0001f3ff])?"
    "(?:\u200d[\U0001f000-\U0001faff\u2600-\u27bf\u2640\u2642](?:\ufe0f|[\U0001f3fb-\U0001f3ff])?)*)"
)
WINDOWS = {
    "mentions": (300, 900),
    "tweets": (900, 900),
    "create": (100, 900),
    "dm": (15, 900),
    "dm_events": (15, 900),
    "me": (75, 900),
    "webhooks": (450, 900),
    "subscriptions": (500, 900),
}


def weight(text: str) -> int:
    """The length of a post as X counts it: a URL 23, an emoji 2, CJK signs 2 (counting-characters)."""
    rest = unicodedata.normalize("NFC", text)
    total = 23 * len(URL.findall(rest))
    rest = URL.sub("", rest)
    total += 2 * len(EMOJI.findall(rest))
    rest = EMOJI.sub("", rest)
    return total + sum(1 if any(low <= ord(sign) <= high for low, high in LIGHT) else 2 for sign in rest)


def problem(status: int, title: str, detail: str, kind: str = "about:blank", **more: object) -> Refusal:
    """A problem document (RFC 7807) as X answers."""
    told: Json = {"title": title, "detail": detail, "type": kind, "status": status, **more}
    return Refusal(status, told, {"Content-Type": "application/problem+json"})


def forbidden(detail: str) -> Refusal:
    """403 with the reason in `detail`."""
    return problem(403, "Forbidden", detail)


def unauthorized() -> Refusal:
    """401: the token is none of ours, over or withdrawn."""
    return problem(401, "Unauthorized", "Unauthorized")


def not_found(tweet_id: str) -> Json:
    """The partial error of a post that is gone, as it stands in a 200."""
    return {
        "resource_id": tweet_id,
        "resource_type": "tweet",
        "parameter": "id",
        "value": tweet_id,
        "title": "Not Found Error",
        "detail": f"Could not find tweet with id: [{tweet_id}].",
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }


def invalid(detail: str) -> Refusal:
    """400 for a request that breaks the interface's form."""
    return problem(
        400,
        "Invalid Request",
        "One or more parameters to your request was invalid.",
        "https://api.twitter.com/2/problems/invalid-request",
        errors=[{"message": detail}],
    )
