"""Writes docs/PATH.md from the route."""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salur.config.settings")
django.setup()

from salur.journey.path import as_markdown  # noqa: E402  # models can be imported only after django.setup()

(Path(__file__).resolve().parents[1] / "docs" / "PATH.md").write_text(as_markdown(), encoding="utf-8")
