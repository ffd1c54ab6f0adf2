"""Open311 GeoReport v2: services, reports in, where they stand, in both formats and with the standard's errors."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.world import ROAD, Lampung

from salur.cases.models import Case, Voice
from salur.channels.connect import connect
from salur.intake.models import Delivery, Message, StoredFile
from salur.journey.worker import run_until_quiet
from salur.kernel.tenancy import EVERYTHING, use

KEY = "kunci-aplikasi-warga-2026"
OTHER = "kunci-lain-yang-juga-sah-1"


@pytest.fixture
def door(lampung: Lampung) -> Lampung:
    """The province with two programs connected."""
    with use(EVERYTHING):
        for name, key in (("aplikasi-warga", KEY), ("aplikasi-lain", OTHER)):
            connect(lampung.agency("diskominfotik"), "open311", name, credentials={"api_key": key})
    return lampung


def post(client: Client, form: str = "json", **fields: str) -> HttpResponse:
    usual = {"api_key": KEY, "jurisdiction_id": "18", "service_code": "roads_bridges", "lat": "-5.39", "long": "104.98"}
    body = usual | {"description": ROAD} | fields
    answer: Any = client.post(f"/open311/v2/requests.{form}", {name: value for name, value in body.items() if value})
    return answer  # type: ignore[no-any-return]  # the test client's own kind


def get(client: Client, path: str, **fields: str) -> Any:
    return client.get(f"/open311/v2/{path}", {"api_key": KEY, "jurisdiction_id": "18"} | fields)


def filed(client: Client, **fields: str) -> str:
    """File a report and carry it through; returns its number."""
    token = post(client, **fields).json()[0]["token"]  # type: ignore[attr-defined]
    run_until_quiet()
    (found,) = get(client, f"tokens/{token}.json").json()
    assert found["token"] == token and found["service_request_id"]
    return str(found["service_request_id"])


def test_services_are_the_functions_that_an_agency_is_in_charge_of(client: Client, door: Lampung) -> None:
    found = client.get("/open311/v2/services.json", {"jurisdiction_id": "18"}).json()
    roads = next(one for one in found if one["service_code"] == "roads_bridges")
    assert roads["metadata"] is False and roads["type"] == "batch" and roads["service_name"]
    codes = [one["service_code"] for one in found]
    assert len(codes) == len(set(codes)) > 10
    root = ET.fromstring(client.get("/open311/v2/services.xml", {"jurisdiction_id": "18"}).content)
    assert root.tag == "services" and [one.findtext("service_code") for one in root] == codes
    assert root[0].findtext("metadata") == "false"
    definition = client.get("/open311/v2/services/roads_bridges.json").json()
    assert definition == {"service_code": "roads_bridges", "attributes": []}


def test_a_report_becomes_a_case_whose_state_the_program_can_read(client: Client, door: Lampung) -> None:
    number = filed(
        client, email="siti@warga.test", first_name="Siti", last_name="Contoh", address_string="Pasar Gading Rejo"
    )
    (found,) = get(client, f"requests/{number}.json").json()
    assert found["service_request_id"] == number and found["status"] == "open"
    assert found["service_code"] == "roads_bridges" and found["agency_responsible"].startswith("Dinas Bina Marga")
    assert found["description"] == ROAD and found["address"] == "Pasar Gading Rejo"
    assert (found["lat"], found["long"]) == (-5.39, 104.98)
    assert found["expected_datetime"] > found["requested_datetime"]
    with use(EVERYTHING):
        case = Case.objects.get(number=number)
        assert case.channel == "open311" and case.agency == door.agency("bmbk")
        assert Voice.objects.get(case=case).name == "Siti Contoh"
    root = ET.fromstring(get(client, f"requests/{number}.xml").content)
    assert root.tag == "service_requests" and root[0].tag == "request"
    assert root[0].findtext("service_request_id") == number and root[0].findtext("status") == "open"


def test_a_report_sent_twice_is_one(client: Client, door: Lampung) -> None:
    first, second = post(client), post(client)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()  # type: ignore[attr-defined]
    assert post(client, description="Lain").json() != first.json()  # type: ignore[attr-defined]
    with use(EVERYTHING):
        assert Delivery.objects.filter(account__platform="open311").count() == 2


def test_a_picture_is_fetched_only_by_https(client: Client, door: Lampung) -> None:
    filed(client, media_url="https://foto.test/a.jpg")
    filed(client, media_url="http://169.254.169.254/latest", description="Lain")
    with use(EVERYTHING):
        assert StoredFile.objects.filter(message__account__platform="open311").count() <= 1
        assert Message.objects.filter(account__platform="open311").count() == 2


def test_a_report_without_words_says_its_service(client: Client, door: Lampung) -> None:
    number = filed(client, description="")
    (found,) = get(client, f"requests/{number}.json").json()
    assert found["description"] == found["service_name"] != ""


def test_a_program_sees_its_own_requests_alone(client: Client, door: Lampung) -> None:
    number = filed(client)
    assert get(client, f"requests/{number}.json", api_key=OTHER).status_code == 404
    assert get(client, "requests.json", api_key=OTHER).json() == []
    by_portal = door.report("lewat-portal")
    assert get(client, f"requests/{by_portal.number}.json").status_code == 404


def test_the_list_can_be_narrowed(client: Client, door: Lampung) -> None:
    first = filed(client)
    second = filed(client, service_code="health", description="Puskesmas tutup sebelum jam pulang")
    numbers = lambda **fields: {one["service_request_id"] for one in get(client, "requests.json", **fields).json()}  # noqa: E731
    assert numbers() == {first, second}
    assert numbers(service_code="health") == {second}
    assert numbers(service_request_id=f"{first}, x") == {first}
    assert numbers(status="open") == {first, second} and numbers(status="closed") == set()
    assert numbers(status="open,closed") == {first, second}
    assert numbers(end_date="2020-01-01T00:00:00Z") == set()


def test_personal_data_in_the_words_is_masked(client: Client, door: Lampung) -> None:
    number = filed(client, description=f"{ROAD} Hubungi 081234567890 atau siti@warga.test")
    (found,) = get(client, f"requests/{number}.json").json()
    assert "081234567890" not in found["description"] and "siti@" not in found["description"]


@pytest.mark.parametrize(
    ("fields", "status", "word"),
    [
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "salah"}, 403, "api_key"),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "terbang"}, 404, "service_code"),
        ({"jurisdiction_id": "99"}, 404, "jurisdiction_id"),
        ({"lat": ""}, 400, "location"),
        ({"lat": "abc"}, 400, "lat"),
        ({"long": "500"}, 400, "long"),
        ({"lat": "nan"}, 400, "lat"),
        ({"description": "a" * 20_001}, 400, "description"),
        ({"email": "a" * 301}, 400, "email"),
    ],
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_stands_against_a_report_is_told_in_the_standards_form(
    client: Client, door: Lampung, form: str, fields: dict[str, str], status: int, word: str
) -> None:
    answer: Any = post(client, form, **fields)
    assert answer.status_code == status
    if form == "json":
        (told,) = answer.json()
        assert told["code"] == status and word in told["description"]
    else:
        root = ET.fromstring(answer.content)
        assert root.tag == "errors" and root[0].tag == "error"
        assert root[0].findtext("code") == str(status) and word in (root[0].findtext("description") or "")
    with use(EVERYTHING):
        assert not Delivery.objects.filter(account__platform="open311").exists()


def test_other_faults(client: Client, door: Lampung) -> None:
    assert get(client, "tokens/tidak-ada.json").status_code == 404
    assert get(client, "requests.json", start_date="kemarin").status_code == 400
    assert client.put("/open311/v2/requests.json").status_code == 405
    assert client.get("/open311/v2/requests.yaml").status_code == 404
    assert client.get("/open311/discovery.json").json()["endpoints"][0]["url"].endswith("/open311/v2")


def test_without_a_program_connected_the_door_is_shut(client: Client, lampung: Lampung) -> None:
    assert client.get("/open311/v2/services.json").status_code == 404


def test_a_list_costs_the_same_however_long(client: Client, door: Lampung, django_assert_max_num_queries: Any) -> None:
    for n in range(3):
        filed(client, description=f"{ROAD} {n}")
    with django_assert_max_num_queries(6):
        assert len(get(client, "requests.json").json()) == 3
