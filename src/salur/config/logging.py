"""One line a fact on standard error, without personal data or secrets."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

SECRET = {
    "password",
    "token",
    "secret",
    "authorization",
    "credentials",
    "cookie",
    "to",
    "address",
    "name",
    "text",
    "body",
}


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank the values of keys that can hold secrets or personal data, whoever logs them."""
    for key in event:
        if key.lower() in SECRET:
            event[key] = "[redacted]"
    return event


def configure(*, debug: bool) -> None:
    """Set structlog and the standard library's logging up once."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "logger", "event"]),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    # django.template would log what pages hold, httpx and httpcore addresses that hold a token
    for noisy in ("asyncio", "django", "imap_tools", "allauth", "httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
