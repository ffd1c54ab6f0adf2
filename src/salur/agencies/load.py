"""Fill governments, functions, agencies, mandates and work calendars from the files in `data/`."""

from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from salur.agencies.models import Agency, CalendarVersion, Function, Government, Mandate
from salur.agencies.queries import calendar_rows
from salur.agencies.seed_document import (
    AgencyBlock,
    FunctionsDocument,
    GovernmentsDocument,
    GovernmentSeed,
    read_functions,
    read_governments,
)
from salur.kernel.tenancy import EVERYTHING, use
from salur.worktime.calendar import WorkCalendar

DATA = Path(__file__).parent / "data"
CALENDARS = {"default": "five_day", "six_day": "six_day"}


@lru_cache(maxsize=1)
def catalogue() -> FunctionsDocument:
    """The shipped catalogue of functions with the words by which people speak of them."""
    return read_functions((DATA / "functions.yaml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def structure() -> GovernmentsDocument:
    """The shipped governments of Lampung with their agencies."""
    return read_governments((DATA / "lampung.yaml").read_text(encoding="utf-8"), catalogue())


def load_functions() -> None:
    """Insert or refresh the catalogue of functions."""
    rows = [Function(code=item.code, name=item.name.id, name_en=item.name.en) for item in catalogue().functions]
    Function.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=["name", "name_en"])


def load_structure(codes: list[str] | None = None) -> list[Government]:
    """Insert the listed governments (all by default) with agencies, mandates and calendars; what is there stays.

    An administrator's corrections survive: only missing rows are added.
    """
    document, found = structure(), []
    with use(EVERYTHING):
        for seed in document.governments:
            parent = Government.objects.filter(code=seed.parent).first() if seed.parent else None
            government, _ = Government.objects.get_or_create(
                code=seed.code, defaults={"name": seed.name, "level": seed.level, "parent": parent}
            )
            if codes is None or seed.code in codes:
                _load_agencies(government, document.block_for(seed.code))
                load_calendars(government)
                found.append(government)
    return found


def _load_agencies(government: Government, block: AgencyBlock) -> None:
    known = {agency.code: agency for agency in Agency.objects.filter(government=government)}
    new = [
        Agency(
            government=government,
            code=item.code,
            name=item.name,
            short_name=item.short_name,
            kind=item.kind,
            aliases=list(item.aliases),
            provisional=block.provisional,
            is_coordinator=item.code == block.coordinator,
            is_inspectorate=item.code == block.supervisory,
            calendar="six_day" if item.kind == "rumah_sakit" else "default",
        )
        for item in block.agencies
        if item.code not in known
    ]
    known |= {agency.code: agency for agency in Agency.objects.bulk_create(new)}
    for item in block.agencies:
        if item.parent and known[item.code].parent_id is None:
            Agency.objects.filter(pk=known[item.code].pk).update(parent=known[item.parent])
    mandated = set(Mandate.objects.filter(government=government).values_list("function_id", flat=True))
    Mandate.objects.bulk_create(
        Mandate(government=government, function_id=function, agency=known[agency])
        for function, agency in block.mandates.items()
        if function not in mandated
    )


def load_calendars(government: Government) -> None:
    """Give a government the shipped work calendars as version 1, where it has none of its own."""
    documents = yaml.safe_load((DATA / "calendar_lampung.yaml").read_text(encoding="utf-8"))
    for key, name in CALENDARS.items():
        calendar = WorkCalendar.from_document(documents[name])
        CalendarVersion.objects.get_or_create(
            government=government,
            key=key,
            version=1,
            defaults={"decree": calendar.decree, "document": calendar.to_document()},
        )


def copy_structure(code: str, name: str, source: Government) -> Government:
    """A new government with the structure of another; its agencies are provisional until it confirms them.

    Raises ValueError when the code is no Kemendagri code of a province (18) or of a regency or city (18.09).
    """
    level, province = ("regency", code[:2]) if "." in code else ("province", None)
    try:
        seed = GovernmentSeed.model_validate({"code": code, "name": name, "level": level, "parent": province})
    except ValidationError as problem:
        raise ValueError(f"{code!r} is no government code: write 18 for a province, 18.09 for a regency") from problem
    parent = Government.objects.filter(code=seed.parent).first() if seed.parent else None
    new = Government.objects.create(code=code, name=name, level=seed.level, parent=parent, timezone=source.timezone)
    copies: dict[int, Agency] = {}
    for agency in Agency.objects.filter(government=source).order_by("id"):
        was, agency.pk, agency.government, agency.provisional, agency.parent = agency.pk, None, new, True, None
        agency.save(force_insert=True)
        copies[was] = agency
    parents = Agency.objects.filter(government=source, parent__isnull=False).values_list("pk", "parent__pk")
    for child, above in parents:
        Agency.objects.filter(pk=copies[child].pk).update(parent=copies[above])
    for mandate in Mandate.objects.filter(government=source):
        Mandate.objects.create(government=new, function_id=mandate.function_id, agency=copies[mandate.agency_id])
    for row in calendar_rows(source.pk).values():
        CalendarVersion.objects.create(government=new, key=row.key, version=1, decree=row.decree, document=row.document)
    return new
