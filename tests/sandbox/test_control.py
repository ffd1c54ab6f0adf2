"""The control, its faults, the files that lie ready, and the pages of a newcomer."""

from io import BytesIO

import httpx
import pytest
from PIL import Image
from tests.sandbox.listening import api, graph

from salur_sandbox.client import Control
from salur_sandbox.files import GPS


def test_the_control_is_for_this_machine_by_its_own_name_and_in_json(sandbox: Control) -> None:
    assert httpx.get(f"{sandbox.base}/_control/accounts", headers={"Host": "evil.test"}).status_code == 403
    form = httpx.post(f"{sandbox.base}/_control/reset", data={"a": "b"})
    assert form.status_code == 415
    with pytest.raises(RuntimeError, match="no account"):
        sandbox.say("nobody", "siti", "comment", "Halo")
    with pytest.raises(RuntimeError, match="one can comment"):
        sandbox.say(sandbox.account("youtube")["key"], "siti", "dm", "Halo")
    with pytest.raises(RuntimeError, match="unknown faults"):
        sandbox.faults(loose=1)


def test_the_act_is_done_though_the_answer_never_comes(sandbox: Control) -> None:
    account = sandbox.account("facebook")
    said = sandbox.say(account["key"], "siti", "comment", "Jalan rusak")
    client = graph(sandbox, account)
    sandbox.faults(drop_answer={"platform": "facebook", "path": "/comments", "count": 1})
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(f"/v25.0/{said}/comments", json={"message": "Terima kasih"})
    assert [one["message"] for one in client.get(f"/{said}/comments").json()["data"]] == ["Terima kasih"]
    assert client.post(f"/v25.0/{said}/comments", json={"message": "Yang kedua"}).status_code == 200
    assert sandbox.requests(platform="facebook")[0]["dropped"]


@pytest.mark.parametrize(
    ("platform", "path", "given"),
    [("facebook", "/me", {}), ("x", "/2/users/me", {}), ("youtube", "/channels", {"status": 503})],
)
def test_the_next_calls_fail_in_the_vendors_words_and_then_no_more(
    sandbox: Control, platform: str, path: str, given: dict[str, int]
) -> None:
    account = sandbox.account(platform)
    client = api(sandbox, platform, Authorization=f"Bearer {account['token']}")
    sandbox.faults(fail_next={"platform": platform, "count": 2, **given})
    query = {"mine": "true"}
    answers = [client.get(path, params=query).status_code for _ in range(3)]
    assert answers == [given.get("status", 500)] * 2 + [200]


def test_no_token_stands_in_the_log_of_calls(sandbox: Control) -> None:
    page, bot = sandbox.account("facebook"), sandbox.account("telegram")
    graph(sandbox, page).get("/me")
    api(sandbox, "telegram").get(f"/bot{bot['token']}/getMe")
    sandbox.tokens(bot["key"], trouble="revoked")
    api(sandbox, "telegram").get(f"/bot{bot['token']}/getMe")
    logged = str(sandbox.requests())
    assert page["token"] not in logged and bot["token"] not in logged


def test_the_photograph_says_where_and_when(sandbox: Control) -> None:
    image = Image.open(BytesIO(httpx.get(f"{sandbox.base}/_media/photo.jpg").content))
    place = image.getexif().get_ifd(GPS)
    assert place[1] == "S" and place[3] == "E"
    assert float(place[2][0]) + float(place[2][1]) / 60 == pytest.approx(5.42, abs=0.02)
    inside = httpx.get(f"{sandbox.base}/_media/to-metadata")
    assert inside.headers["location"].startswith("http://169.254.169.254/")
    assert httpx.get(f"{sandbox.base}/_media/to-loopback").headers["location"].startswith("https://127.0.0.1")
    with httpx.stream("GET", f"{sandbox.base}/_media/huge.jpg") as answer:
        got = 0
        for piece in answer.iter_raw():
            got += len(piece)
            if got > 30_000_000:
                break
    assert got > 30_000_000


def test_pages_need_nothing_from_outside(sandbox: Control) -> None:
    account = sandbox.account("instagram")
    for path in ("/", "/accounts", f"/main/{account['key']}", "/_static/sandbox.css", "/_static/sandbox.js"):
        answer = httpx.get(f"{sandbox.base}{path}")
        assert answer.status_code == 200
        assert "http://" not in answer.text and "https://" not in answer.text, path
        assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert httpx.get(f"{sandbox.base}/main/nobody").status_code == 404


def test_a_reset_forgets_everything(sandbox: Control) -> None:
    account = sandbox.account("instagram")
    sandbox.faults(lose=1.0)
    sandbox.clock(by=100)
    sandbox.reset()
    assert sandbox.accounts() == [] and sandbox.faults()["lose"] == 0
    with pytest.raises(RuntimeError):
        sandbox.state(account["key"])
