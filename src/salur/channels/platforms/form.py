"""What a form of ours writes down: the words of a citizen with what was ticked and chosen beside them."""

import json
from typing import Any, Literal, TypeVar

from pydantic import AwareDatetime, Base64Bytes, BaseModel, ConfigDict, Field, ValidationError

from salur.channels.platforms.text import clean_json, clean_line
from salur.channels.ports import Attachment, Ignored, Inbound, Item, Raw, Unreadable

Kind = Literal["complaint", "supervisory_complaint", "aspiration", "information_request"]
_SAID = {"text", "title", "name", "form_id", "spoken_at", "attachments", "thread_token"}


class FormFile(BaseModel):
    """A file sent along with a form; `content` is base64, `name` a bare file name."""

    model_config = ConfigDict(hide_input_in_errors=True)

    name: str = Field(max_length=200)
    content_type: str = Field(max_length=120)
    content: Base64Bytes


class FormEntry(BaseModel):
    """One filled form. `form_id` is made once by the form, so that posting it twice is one message.

    `thread_token` is the signed token of the case that a further message belongs to.
    """

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    form_id: str = Field(min_length=1, max_length=200)
    text: str
    title: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    anonymous: bool = False
    confidential: bool = False
    kind: Kind | None = None
    agency: int | str | None = None
    area: int | str | None = None
    government: int | str
    spoken_at: AwareDatetime
    thread_token: str = ""
    attachments: list[FormFile] = []


class CounterEntry(FormEntry):
    """A form that a clerk filled for a citizen standing there; `clerk` is the member, `spoken_at` the clerk's word."""

    clerk: int | str
    contact: str = ""


Entry = TypeVar("Entry", bound=FormEntry)


def read_json(raw: Raw) -> dict[str, Any]:
    """The JSON object in a raw delivery, fit to store; raises Unreadable."""
    try:
        value = clean_json(json.loads(raw.body))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no readable JSON ({type(error).__name__})") from error
    if not isinstance(value, dict):
        raise Unreadable("JSON is no object")
    return value


def read_form(raw: Raw, model: type[Entry]) -> Entry:
    """The checked form; raises Unreadable naming each field that is wrong, never its content."""
    try:
        return model.model_validate(read_json(raw))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise Unreadable(f"form fields: {faults}") from None


def said(entry: FormEntry, address: str) -> list[Item]:
    """The form as one message; everything beyond the words goes to `extra` under the names of the form."""
    title = clean_line(entry.title)
    text = entry.text.replace("\r\n", "\n").strip() or title
    if not text:
        return [Ignored("empty")]
    return [
        Inbound(
            external_id=entry.form_id,
            text=text,
            spoken_at=entry.spoken_at,
            sender_address=address,
            sender_name=clean_line(entry.name),
            subject=title,
            thread_token=entry.thread_token,
            attachments=tuple(Attachment(one.name, one.content_type, one.content) for one in entry.attachments),
            extra=entry.model_dump(mode="json", exclude=_SAID),
        )
    ]
