"""Questions about areas and roads."""

from salur.places.models import Area, Road


def areas() -> list[Area]:
    """Every area, by code."""
    return list(Area.objects.order_by("code"))


def areas_below(code: str) -> list[Area]:
    """The areas directly inside one area, by name."""
    return list(Area.objects.filter(parent_code=code).order_by("name"))


def roads() -> list[Road]:
    """Every road section of known class."""
    return list(Road.objects.order_by("road_class", "number"))
