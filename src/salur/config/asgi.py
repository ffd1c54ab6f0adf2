"""The ASGI application the web server runs: the gate for the platforms' hooks, Django for everything else."""

import gc
import os
import warnings

from django.conf import settings
from django.core.asgi import get_asgi_application

from salur.config.body_limit import BodyLimit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salur.config.settings")
# Requests run in threads that come and go, so they borrow connections. The worker must not: its session locks say
# that it is alive, and a borrowed connection would carry them to a stranger.
settings.DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 12, "timeout": 10}
# Static files are small; that Django reads one into memory before it sends it is no news.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
pages = BodyLimit(get_asgi_application())

from salur.config.front import Front  # noqa: E402  # what has tables can be imported only now
from salur.intake.gate.entrance import Gate  # noqa: E402  # as above

application = Front(Gate(settings.SALUR_BASE_URL), pages)
# All that was loaded so far stays until the end: the collector need not look through it again and again, which took a
# tenth of the gate's time.
gc.collect()
gc.freeze()
