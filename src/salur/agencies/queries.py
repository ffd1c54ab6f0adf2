"""Questions about governments, agencies and officers; and the one place where an officer's scope is decided."""

from functools import lru_cache

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import BaseExpression, RawSQL

from salur.agencies.models import Agency, CalendarVersion, Function, Government, Mandate, Member, Role
from salur.kernel.tenancy import EVERYTHING, Scope, use
from salur.worktime.calendar import WorkCalendar

NEWEST_CALENDARS = """
SELECT DISTINCT ON (key) key, id,
    ARRAY(SELECT a.id FROM agencies_agency a WHERE a.government_id = %s AND a.calendar = c.key)
FROM agencies_calendarversion c WHERE government_id = %s ORDER BY key, version DESC
"""
"""Asked for every event of every case, so in plain SQL."""
UNITS = "ARRAY(SELECT u.id FROM agencies_agency u WHERE u.parent_id = agencies_member.agency_id)"
"""The units below an officer's agency; asked for every page of the desk."""
OFFICER = (
    *("government_id", "agency_id", "user_id", "name", "role", "position", "government_wide", "active"),
    *("agency__name", "agency__short_name"),
    *("government__code", "government__name", "government__timezone"),
)
"""What a page of the desk says of its officer."""
WHOLE_GOVERNMENT = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


def member_of(user_id: int | None, **also: BaseExpression) -> Member | None:
    """The active officer behind a sign-in, or None; `also` are expressions that are brought along in the same query."""
    if user_id is None:
        return None
    with use(EVERYTHING):
        rows = Member.objects.select_related("agency", "government").only(*OFFICER)
        rows = rows.annotate(unit_ids=RawSQL(UNITS, []), **also)
        return rows.filter(user_id=user_id, active=True).first()


def scope_of(member: Member) -> Scope:
    """What an officer may see.

    Coordinators, administrators and government-wide leaders their government, others their agency and its units.
    """
    if member.role in WHOLE_GOVERNMENT or member.government_wide:
        return Scope(member.government_id)
    units: list[int] | None = getattr(member, "unit_ids", None)  # brought along by member_of
    if units is None:
        with use(Scope(member.government_id)):
            units = list(Agency.objects.filter(parent_id=member.agency_id).values_list("id", flat=True))
    return Scope(member.government_id, frozenset({member.agency_id, *units}))


def government_by_code(code: str) -> Government | None:
    """The government with a Kemendagri code such as 18.09."""
    return Government.objects.filter(code=code.strip()).first()


def governments() -> QuerySet[Government]:
    """All governments by code."""
    return Government.objects.order_by("code")


def agencies_of(government_id: int) -> list[Agency]:
    """Every agency of a government by name, whoever asks: names of public bodies are no secret."""
    with use(Scope(government_id)):
        return list(Agency.objects.order_by("name"))


def inspectorate_of(government_id: int) -> Agency | None:
    """The agency that supervisory matters go to, whoever asks."""
    with use(Scope(government_id)):
        return Agency.objects.filter(is_inspectorate=True).order_by("id").first()


def agency_names(government_id: int) -> list[tuple[int, str]]:
    """The id and name of every agency of a government, by name: for a list to choose from."""
    with use(Scope(government_id)):
        return list(Agency.objects.order_by("name").values_list("id", "name"))


def functions() -> list[Function]:
    """The catalogue of government functions by name."""
    return list(Function.objects.order_by("name"))


def mandates_of(government_id: int) -> list[tuple[str, int]]:
    """Which function lies with which agency of a government, as (function code, agency id)."""
    with use(Scope(government_id)):
        return list(Mandate.objects.values_list("function_id", "agency_id"))


def members() -> list[Member]:
    """The officers in scope, by agency and name."""
    return list(Member.objects.select_related("agency", "user").order_by("agency__name", "name"))


def member_names(actors: set[str]) -> dict[str, str]:
    """The names behind actors such as "member:7", for journals."""
    ids = [int(actor.removeprefix("member:")) for actor in actors if actor.startswith("member:")]
    with use(EVERYTHING):
        return {f"member:{pk}": name for pk, name in Member.objects.filter(pk__in=ids).values_list("pk", "name")}


def calendar_rows(government_id: int) -> dict[str, CalendarVersion]:
    """The newest version of every work calendar of a government, by key."""
    with use(Scope(government_id)):
        rows = CalendarVersion.objects.order_by("key", "version")
        return {row.key: row for row in rows}


@lru_cache(maxsize=64)
def _parsed(row_id: int) -> WorkCalendar:
    with use(EVERYTHING):
        return WorkCalendar.from_document(CalendarVersion.objects.values_list("document", flat=True).get(pk=row_id))


def calendars_of(government_id: int) -> dict[str, WorkCalendar]:
    """The work calendars in force of a government, by key; versions are never edited, so each is parsed once."""
    return {key: calendar for key, (calendar, _) in calendars_with_keepers(government_id).items()}


def calendars_with_keepers(government_id: int) -> dict[str, tuple[WorkCalendar, list[int]]]:
    """The work calendars in force of a government, by key, each with the ids of the agencies that keep it."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_CALENDARS, [government_id, government_id])
        return {key: (_parsed(pk), ids) for key, pk, ids in cursor.fetchall()}
