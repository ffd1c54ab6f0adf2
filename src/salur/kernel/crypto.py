"""Encryption at rest, blind indexes and signed tokens, all from the installation's keys."""

import base64
import hashlib
import hmac
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class CannotDecrypt(RuntimeError):
    """The stored value was encrypted with a key this installation does not have."""


def _derive(purpose: bytes, key: str) -> bytes:
    return hmac.digest(key.encode(), b"salur:" + purpose, "sha256")


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(b"encrypt", key))) for key in keys])


def encrypt(text: str) -> str:
    """Encrypt a text with the newest key (Fernet: AES-128-CBC with HMAC-SHA256)."""
    return _fernet(tuple(settings.SALUR_KEYS)).encrypt(text.encode("utf-8", "surrogatepass")).decode()


def decrypt(token: str) -> str:
    """Decrypt with any known key. Raises CannotDecrypt when none fits."""
    try:
        return _fernet(tuple(settings.SALUR_KEYS)).decrypt(token.encode()).decode("utf-8", "surrogatepass")
    except InvalidToken:
        raise CannotDecrypt("a stored secret was encrypted with a key that is missing from SALUR_KEYS") from None


def blind_index(value: str) -> str:
    """A keyed hash by which an encrypted value can be looked up without being readable. Case and blanks fold."""
    return hmac.new(
        _derive(b"index", settings.SALUR_KEYS[-1]), value.strip().casefold().encode(), hashlib.sha256
    ).hexdigest()[:32]


def sign(value: str) -> str:
    """`value` followed by ten characters only this installation can make; letters and digits, fit for an address."""
    digest = hmac.digest(_derive(b"token", settings.SALUR_KEYS[-1]), value.encode(), "sha256")
    return value + base64.b32encode(digest)[:10].decode().lower()


def unsign(token: str) -> str | None:
    """The value of a signed token, or None when it is not ours."""
    value = token[:-10]
    return value if value and hmac.compare_digest(sign(value).encode(), token.encode("utf-8", "replace")) else None


class EncryptedText(models.TextField):
    """A text that is encrypted in the table and plain in Python."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way to the table; the empty text stays empty."""
        return encrypt(str(value)) if value else ""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        """Decrypt on the way back."""
        return decrypt(value) if value else ""


class EncryptedJson(models.TextField):
    """A JSON object that is encrypted in the table."""

    # What django-stubs reads as the types of setting and getting.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        """Serialise, then encrypt."""
        return encrypt(json.dumps(value or {}))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Decrypt, then parse."""
        return json.loads(decrypt(value)) if value else {}
