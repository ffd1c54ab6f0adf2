"""The sandbox signs as the vendors do: held against the published vectors, not against Salur."""

from pathlib import Path

from salur_sandbox import signing

META_BODY = (
    '{"object":"page","entry":[{"id":"1","time":1,"changes":[{"field":"feed",'
    '"value":{"message":"caf\\u00e9 \\ud83d\\ude4f https:\\/\\/x.test"}}]}]}'
)


def test_meta_signs_the_very_bytes_it_sends_with_escapes() -> None:
    told = {"message": "café 🙏 https://x.test"}
    data = {"object": "page", "entry": [{"id": "1", "time": 1, "changes": [{"field": "feed", "value": told}]}]}
    assert signing.meta_body(data) == META_BODY.encode()
    wanted = "sha256=ec7f2d94b95d3c564b85a2e578d5673cc6cfc09fbafe0448bded849b7ca93998"
    assert signing.meta("app_secret", META_BODY.encode()) == wanted


def test_x_answers_a_crc_and_signs_events() -> None:
    assert signing.x("consumer_secret", b"challenge_string") == "sha256=v1WdiCVwy17uGTMWveHGlqQXN/qW1bQraNXXByRO2YA="
    body = b'{"data":{"event_uuid":"1","event_type":"post.create"}}'
    assert signing.x("consumer_secret", body) == "sha256=fXLavRFIoJhNVBN2X855LQzF1iDRRQfsZGkdjxs/uck="


def test_tiktok_signs_time_and_body() -> None:
    body = b'{"client_key":"k","event":"e","create_time":1,"user_openid":"u","content":"{}"}'
    wanted = "t=1633174587,s=3f0ba77a615726d63db6c062908a0291a369bda781039ec32d2f1368f694ec6d"
    assert signing.tiktok("client_secret", body, 1633174587) == wanted


def test_the_sandbox_imports_nothing_of_salur() -> None:
    folder = Path(signing.__file__).parent
    for path in folder.rglob("*.py"):
        text = path.read_text()
        assert "import salur\n" not in text and "from salur." not in text and "import salur." not in text, path
