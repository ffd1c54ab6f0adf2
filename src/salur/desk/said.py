"""What citizens said in a case, as the desk may show it: masked, in blocks, with its files and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from salur.cases.groups import blocks
from salur.cases.models import CaseMessage, Voice
from salur.intake.fold import Version
from salur.intake.models import Message, StoredFile
from salur.intake.photo import DEVELOPED
from salur.intake.queries import files_of, versions_of

State = StoredFile.State


@dataclass(frozen=True)
class VoiceView:
    """A citizen as the desk may know them."""

    id: int
    name: str
    address: str
    channel: str
    hidden: bool
    told: bool


@dataclass(frozen=True)
class FileView:
    """One file that was sent. `there` says whether it can be opened, else `standing` why not.

    `taken_at` and `place` (latitude, longitude in WGS 84) are what the camera wrote; of a hidden citizen there is no
    place. `photo`: it is a picture that can be shown in the page.
    """

    file: StoredFile
    there: bool
    standing: str
    taken_at: datetime | None
    place: str
    photo: bool


@dataclass(frozen=True)
class LineView:
    """One message. `gone` says in words that it was removed, and then nothing else of it is shown."""

    message: Message
    gone: str
    earlier: tuple[Version, ...]
    files: list[FileView]


@dataclass(frozen=True)
class BlockView:
    """Messages that belong together, of one voice; handle and link are not shown of a hidden citizen.

    `post` is the text of what it was said under, `post_link` leads there.
    """

    voice: VoiceView
    first: Message
    lines: list[LineView]
    public: bool
    handle: str
    link: str
    post: str
    post_link: str


def voice_view(voice: Voice, number: int, channel: str) -> VoiceView:
    """A voice with its name, or without name and address where it asked for that."""
    if voice.anonymous or voice.confidential:
        return VoiceView(voice.pk, gettext("Anonymous"), "", channel, hidden=True, told=voice.told)
    name = voice.name or gettext("Citizen %(n)s") % {"n": number}
    return VoiceView(voice.pk, name, voice.address, channel, hidden=False, told=voice.told)


def heard(links: list[CaseMessage]) -> list[BlockView]:
    """What citizens said, oldest first, in blocks, each with its masked voice, its files and earlier versions."""
    messages = [link.message for link in links]
    files, earlier = files_of(messages), versions_of(messages)
    voices: dict[int, VoiceView] = {}
    for link in links:
        if link.voice_id not in voices:
            channel = link.message.account.platform
            voices[link.voice_id] = voice_view(link.voice, len(voices) + 1, channel)
    return [_block(block, voices[block[0].voice_id], files, earlier) for block in blocks(links)]


def _block(
    links: Sequence[CaseMessage],
    voice: VoiceView,
    files: Mapping[int, list[StoredFile]],
    earlier: Mapping[int, tuple[Version, ...]],
) -> BlockView:
    first = links[0].message
    shown = not voice.hidden
    return BlockView(
        voice=voice,
        first=first,
        lines=[_line(link.message, voice, files.get(link.message_id, []), earlier) for link in links],
        public=first.audience == "public",
        handle=first.sender_handle if shown else "",
        link=_address(first.link) if shown and first.removed_at is None else "",
        post=str(first.post.get("text") or ""),
        post_link=_address(str(first.post.get("link") or "")) if shown else "",
    )


def _line(
    message: Message, voice: VoiceView, files: Iterable[StoredFile], earlier: Mapping[int, tuple[Version, ...]]
) -> LineView:
    if message.removed_at is not None:
        return LineView(message, _gone(message.removed_by), (), [])
    return LineView(message, "", earlier.get(message.pk, ()), [_file(one, voice) for one in files])


def _gone(by: str) -> str:
    if by == "author":
        return gettext("[deleted by the author]")
    return gettext("[hidden by our account]") if by == "account" else gettext("[no longer shown]")


def traced(file: StoredFile, *, hidden: bool) -> bool:
    """Whether a file may be handed to nobody here, since it still carries what it was made with.

    A photograph that could not be drawn anew holds what the camera wrote (place, name, serial number). Of a hidden
    citizen that goes for every picture and film. A document or a voice note is what they wanted to say, and is opened.
    """
    if file.shown_sha256:
        return False
    of_a_camera = file.content_type.startswith(("image/", "video/"))
    return file.content_type in DEVELOPED or (hidden and of_a_camera)


def _file(file: StoredFile, voice: VoiceView) -> FileView:
    standing = {
        State.WANTED: gettext("is being fetched from the platform"),
        State.ARRIVED: gettext("is being made ready"),
        State.REFUSED: gettext("was not fetched: too large, or from an address that may not be asked"),
        State.FAILED: gettext("could not be fetched; look at it on the platform"),
    }.get(State(file.state), "")
    there = file.state == State.KEPT
    if there and traced(file, hidden=voice.hidden):
        there, standing = False, gettext("cannot be shown without the traces of camera and sender")
    known = file.latitude is not None and file.longitude is not None and not voice.hidden
    place = f"{file.latitude:.5f}, {file.longitude:.5f}" if known else ""
    return FileView(file, there, standing, file.taken_at, place, photo=there and bool(file.shown_sha256))


def _address(link: str) -> str:
    """The link, if it leads to a page of the web: what a platform names is not believed to."""
    return link if link.startswith(("https://", "http://")) else ""
