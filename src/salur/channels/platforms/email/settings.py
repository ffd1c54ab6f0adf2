"""What an e-mail account must say about itself, checked once, with the rule that no password travels in the clear."""

import ipaddress
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from salur.channels.platforms.email.headers import same_address, usable_address
from salur.channels.ports import AccountView

DEFAULT_MAX_SIZE_MB = 25
Security = Literal["tls", "starttls", "plain"]


class BadSettings(ValueError):
    """The account cannot work as it is set up; the text names the setting and is safe to show and to log."""


class EmailSettings(BaseModel):
    """Settings and credentials of one mailbox. Sizes in megabytes (10^6 bytes), timeouts in seconds.

    `since` leaves mail alone that arrived before that day: for a mailbox that was in use before it was connected.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    imap_host: str = Field(min_length=1)
    imap_port: int = Field(default=993, ge=1, le=65535)
    imap_security: Security = "tls"
    smtp_host: str = Field(min_length=1)
    smtp_port: int = Field(default=465, ge=1, le=65535)
    smtp_security: Security = "tls"
    smtp_auth: bool = True
    folder: str = Field(default="INBOX", min_length=1)
    from_name: str = ""
    copy_to_self: bool = True
    max_size_mb: float = Field(default=DEFAULT_MAX_SIZE_MB, gt=0, le=200)
    ca_file: str = ""
    own_addresses: tuple[str, ...] = ()
    since: date | None = None
    timeout: float = Field(default=30, gt=0, le=600)
    username: str = Field(min_length=1)
    password: SecretStr
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def no_password_in_the_clear(self) -> "EmailSettings":
        if self.imap_security == "plain" and not is_loopback(self.imap_host):
            raise ValueError("imap_security 'plain' is only allowed to this machine; use 'tls' or 'starttls'")
        if self.smtp_security == "plain" and self.smtp_auth and not is_loopback(self.smtp_host):
            raise ValueError("smtp_security 'plain' with sign-in is only allowed to this machine; use 'tls'")
        return self

    @property
    def max_size(self) -> int:
        return int(self.max_size_mb * 1_000_000)

    @property
    def smtp_login(self) -> tuple[str, str]:
        """Name and password for sending: its own pair where one is given, else that of the mailbox."""
        if self.smtp_username:
            return self.smtp_username, self.smtp_password.get_secret_value()
        return self.username, self.password.get_secret_value()


def read_settings(account: AccountView) -> EmailSettings:
    """The checked settings of this account; raises BadSettings naming each setting that is missing or wrong."""
    if not usable_address(account.address):
        raise BadSettings(f"account address '{account.address}' is no e-mail address")
    try:
        return EmailSettings.model_validate({**account.settings, **account.credentials})
    except ValidationError as error:
        found = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" if e["loc"] else e["msg"] for e in error.errors()]
        raise BadSettings("account settings: " + "; ".join(found)) from None


def own_addresses(account: AccountView) -> tuple[str, ...]:
    """Every address that is this account; needs no complete settings, so mail stays readable while they are mended."""
    extra = account.settings.get("own_addresses") or ()
    return tuple(a for a in (account.address, *extra) if isinstance(a, str) and usable_address(a))


def is_own(address: str, account: AccountView) -> bool:
    """Whether this address is one of the account."""
    return any(same_address(address, own) for own in own_addresses(account))


def is_loopback(host: str) -> bool:
    """Whether this host is the machine itself, by name or by number; no name is looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
