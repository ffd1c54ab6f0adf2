"""What every test stands on: a home and a database of its own, made before Django reads its settings.

The run has one throw-away home; its embedded server starts with the first test that asks for the database, and every
pytest-xdist worker shares it with a test database of its own name. With SALUR_DATABASE_URL set, that server is used.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import hypothesis
import pytest
import pytest_django

from salur.kernel.postgres import Embedded

MADE_HERE = "SALUR_TESTS_HOME"


def _home_of_this_run() -> Path:
    """Return the home of the run: the controller makes it, workers find it in their environment."""
    if MADE_HERE in os.environ:
        return Path(os.environ[MADE_HERE])
    home = Path(tempfile.mkdtemp(prefix="salur-tests-"))
    home.chmod(0o711)  # as root, the server runs as another user and must get in
    os.environ[MADE_HERE] = str(home)
    atexit.register(_clear, home, os.getpid())
    return home


def _clear(home: Path, maker: int) -> None:
    if os.getpid() == maker:  # not in a process that a test forked
        server = Embedded(home)
        if server.is_running():
            server.acquire()
            server.release()  # waits for the server to be down
        shutil.rmtree(home, ignore_errors=True)


HOME = _home_of_this_run()
# Never the home or the settings of whoever runs the tests.
for name in [name for name in os.environ if name.startswith("SALUR_")]:
    if name not in (MADE_HERE, "SALUR_DATABASE_URL", "SALUR_POSTGRES_BIN"):
        del os.environ[name]
os.environ["SALUR_HOME"] = str(HOME)
(HOME / "static").mkdir(exist_ok=True)
os.environ["DJANGO_SETTINGS_MODULE"] = "salur.config.settings"
django.setup()

# Examples differ in how long they take on a busy machine; that is no fault of theirs.
hypothesis.settings.register_profile("salur", deadline=None)
hypothesis.settings.load_profile("salur")


from tests.world import Lampung, known_lampung, ready_lampung  # noqa: E402  # models can be imported only after django.setup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Have the server up before pytest-django makes the test database, and until it has dropped it."""
    if os.environ.get("SALUR_DATABASE_URL"):
        yield
        return
    with Embedded(HOME):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> None:
    """Load the small world once into the test database; every test then starts from it and rolls back to it."""
    with django_db_blocker.unblock():
        ready_lampung()


@pytest.fixture
def lampung(db: None) -> Lampung:
    """The province and one regency with their agencies, calendars, accounts and a signed SOP; no people yet."""
    return known_lampung() or ready_lampung()  # a test with real transactions flushed everything
