"""SALUR_* environment variables, checked once."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    """What an administrator may set; every field is SALUR_<NAME> in the environment."""

    model_config = SettingsConfigDict(env_prefix="SALUR_", extra="ignore")

    home: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    database_url: str = ""
    keys: str = ""
    base_url: str = Field(default="", pattern=r"^(https?://[^\s/]+(/\S*)?)?$")
    allowed_hosts: str = ""
    debug: bool = False
    poll_seconds: float = Field(default=10, gt=0, le=3600)

    @field_validator("home")
    @classmethod
    def absolute(cls, home: Path) -> Path:
        """The folder as an absolute path."""
        return home.expanduser().resolve()

    @property
    def public_url(self) -> str:
        """The address citizens use, without a slash at the end."""
        return (self.base_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def hosts(self) -> list[str]:
        """Host names the web server answers to."""
        named = [host.strip() for host in self.allowed_hosts.split(",") if host.strip()]
        return [*named, "127.0.0.1", "localhost", "[::1]"]
