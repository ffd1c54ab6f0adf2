"""A row written in plain SQL is the row that the mapper would have written."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from tests.world import ROAD, Lampung

from salur.cases.models import Case, CaseMessage, Voice
from salur.intake.models import Message
from salur.kernel.database import insert
from salur.kernel.tenancy import EVERYTHING, use


def test_every_kind_of_column_comes_back_as_it_went(lampung: Lampung) -> None:
    lampung.report("satu", ROAD)
    with use(EVERYTHING):
        for model in (Message, Case, Voice):
            row = model.objects.latest("id")
            if isinstance(row, Message):
                row.external_id, row.sender_address, row.extra = "dua", "siti@example.org", {"a": [1, None, "\u00e9"]}
            if isinstance(row, Case):
                row.number = "18-2611-AAAA-AAAA"
            before = model_to_dict(row, exclude=["id"])
            row.pk, first = None, row.pk
            insert(row)
            assert row.pk > first and model_to_dict(model.objects.get(pk=row.pk), exclude=["id"]) == before


def test_identities_are_encrypted_in_the_table(lampung: Lampung) -> None:
    lampung.report("satu", ROAD)
    with use(EVERYTHING):
        voice = Voice.objects.latest("id")
    voice.pk, voice.name = None, "Siti Aminah"
    insert(voice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM cases_voice WHERE id = %s", [voice.pk])
        assert "Siti" not in cursor.fetchone()[0]


def test_what_the_table_refuses_is_raised(lampung: Lampung) -> None:
    lampung.report("satu", ROAD)
    with use(EVERYTHING):
        link = CaseMessage.objects.latest("id")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(link)
