"""Fill areas and roads from the files in `data/` (sources there)."""

import csv
from collections.abc import Iterator
from pathlib import Path

from salur.places.models import Area, Road

DATA = Path(__file__).parent / "data"


def load_places() -> None:
    """Insert or refresh every area and road of the shipped files; running it again changes nothing."""
    areas = [
        Area(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            kind=row["kind"],
            parent_code=row["parent_code"],
            latitude=float(row["lat"]) if row["lat"] else None,
            longitude=float(row["lng"]) if row["lng"] else None,
            postcode=row["postcode"],
            aliases=[alias for alias in row["aliases"].split("|") if alias],
        )
        for row in _rows("lampung_areas.csv")
    ]
    fields = ["name", "level", "kind", "parent_code", "latitude", "longitude", "postcode", "aliases"]
    Area.objects.bulk_create(areas, update_conflicts=True, unique_fields=["code"], update_fields=fields, batch_size=500)
    roads = [
        Road(
            number=row["number"],
            name=row["name"],
            length_km=float(row["length_km"]),
            area_code=row["area_code"],
            road_class=row["road_class"],
        )
        for row in _rows("lampung_roads.csv")
    ]
    Road.objects.bulk_create(
        roads,
        update_conflicts=True,
        unique_fields=["road_class", "number", "area_code"],
        update_fields=["name", "length_km"],
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
