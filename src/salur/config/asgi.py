"""The ASGI application the web server runs."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salur.config.settings")
# Requests run in threads that come and go, so they borrow connections. The worker must not: its session locks say
# that it is alive, and a borrowed connection would carry them to a stranger.
settings.DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 20, "timeout": 10}
application = get_asgi_application()
