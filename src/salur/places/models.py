"""Areas and roads: facts shared by all governments."""

from django.db import models


class Area(models.Model):
    """An area by its Kemendagri code (never the BPS code, which differs)."""

    code = models.CharField(max_length=13, primary_key=True)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    parent_code = models.CharField(max_length=13, blank=True, db_index=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    postcode = models.CharField(max_length=5, blank=True)
    aliases = models.JSONField(default=list)

    class Meta:
        ordering = ["code"]


class Road(models.Model):
    """A road section of known class."""

    number = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    length_km = models.FloatField()
    area_code = models.CharField(max_length=13)
    road_class = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["road_class", "number", "area_code"], name="road_once")]
