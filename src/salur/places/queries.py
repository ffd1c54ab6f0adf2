"""Questions about areas and roads."""

from salur.places.models import Area, Road


def areas() -> list[Area]:
    """Every area, by code."""
    return list(Area.objects.order_by("code"))


def roads() -> list[Road]:
    """Every road section of known class."""
    return list(Road.objects.order_by("road_class", "number"))
