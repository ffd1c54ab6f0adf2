"""List, search and case page over a large population, from two real web processes, as two officers see them."""

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from salur.agencies.models import Government, Member
from salur.cases.models import Case
from salur.cases.project import stored
from salur.config.bench.client import Page, ask
from salur.config.bench.figures import Figure, times
from salur.config.bench.invented import RARE
from salur.config.bench.machine import memory_mb
from salur.config.bench.measure_rules import PROVINCE
from salur.config.bench.officers import officer
from salur.config.bench.population import populate, sample
from salur.config.bench.programs import web
from salur.config.ready import government
from salur.kernel import clock, ledger
from salur.kernel.postgres_watch import recorded_pid
from salur.sop.advance import projection
from salur.sop.queries import state_of

CHECKED = 200
PAGES_ASKED = 40
"""How many different cases the case page is asked for: no page is measured from a cache that holds only itself."""


class NotValid(RuntimeError):
    """The population is not what the verbs would have written."""


@dataclass(frozen=True)
class Desk:
    """The two officers whose screens are measured, and the kept-up session cookie of each."""

    operator: Member
    operator_cookie: str
    coordinator_cookie: str


def pages(*, cases: int, requests: int) -> list[Figure]:
    """Every page's times at `cases` cases, `requests` at a time; the population is made where it is missing."""
    province = government(PROVINCE)
    desk = _desk(province, cases)
    valid(sample(CHECKED))
    one = list(Case.objects.filter(agency=desk.operator.agency).order_by("-id").values_list("number", flat=True))
    numbers = one[:: max(1, len(one) // PAGES_ASKED)][:PAGES_ASKED]
    detail = [Page(f"/desk/cases/{number}/", number) for number in numbers]
    find = [Page(f"/desk/?q={number}", f"/desk/cases/{number}/", 302) for number in numbers]
    common, rare = [Page("/desk/?q=jalan", "jalan")], [Page(f"/desk/?q={RARE}", RARE)]
    queue = [Page("/desk/", "/desk/cases/")]
    operator, coordinator = desk.operator_cookie, desk.coordinator_cookie
    found = []
    with web() as (port, process):
        for name, cookie, asked, at_once, row in (
            ("list, operator", operator, queue, 1, "list_one_1"),
            ("list, operator", operator, queue, 8, "list_one_8"),
            ("list, coordinator", coordinator, queue, 1, "list_all_1"),
            ("list, coordinator", coordinator, queue, 8, ""),
            ("case page", operator, detail, 1, "page_1"),
            ("case page", operator, detail, 8, "page_8"),
            ("by number", coordinator, find, 1, ""),
            ("search, common word", coordinator, common, 1, "search_common_1"),
            ("search, rare word", coordinator, rare, 1, "search_rare_1"),
        ):
            ask(port, cookie, asked, count=max(at_once, requests // 5), at_once=at_once)
            taken = ask(port, cookie, asked, count=requests, at_once=at_once)
            found.append(times("pages", f"{name}, {at_once} at once", taken, row=row))
        memory = memory_mb(process, *_server())
    total = Case.objects.count()
    name, note = (
        f"memory after all this, {total} cases",
        "one of two web processes and the database server, shared pages counted once",
    )
    return [*found, Figure("pages", name, "MB", memory, memory, None, 1, None, note)]


def valid(cases: list[Case]) -> None:
    """Prove some cases: their chains hold, and their columns are what the fold says. Raises NotValid."""
    for case in cases:
        if (place := ledger.first_break(case.stream)) is not None:
            raise NotValid(f"the journal of {case.number} breaks at entry {place}")
        journal = ledger.journal(case.stream)
        state = state_of(case, clock.now(), journal)
        if state is None or projection(state, journal) != stored(case):
            raise NotValid(f"the columns of {case.number} are not what its journal says")


def _desk(province: Government, cases: int) -> Desk:
    """The officers, and the population where this home does not hold one yet."""
    operator, approver, coordinator = (
        officer(province, "bmbk", "operator"),
        officer(province, "bmbk", "approver"),
        officer(province, "diskominfotik", "coordinator"),
    )
    if (there := Case.objects.count()) < cases:
        people = ledger.member(operator.pk), ledger.member(approver.pk)
        populate(province, people, cases - there)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as autovacuum would have done in the time such a population takes
    return Desk(operator, signed_in(operator), signed_in(coordinator))


def signed_in(member: Member) -> str:
    """A session of this officer as the Cookie header of a browser that has signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(member.user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _server() -> list[int]:
    pid = recorded_pid(settings.SALUR_HOME / "pg" / "data")
    return [pid] if pid else []
