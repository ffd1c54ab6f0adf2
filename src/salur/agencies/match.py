"""Which agency a written name means: exact after plain writing, never by likeness. Pure."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Protocol

# How the level of a government is written behind an agency's name: "Dinas Sosial Kab. Pesawaran".
_LEVELS = {
    "kabupaten": ("pemerintah kabupaten", "pemkab", "kabupaten", "kab"),
    "kota": ("pemerintah kota", "pemkot", "kota"),
    "provinsi": ("pemerintah provinsi", "pemprov", "provinsi", "propinsi", "prov"),
}


class NamedAgency(Protocol):
    """The names of one agency of a government."""

    @property
    def code(self) -> str:
        """Its code within the government."""

    @property
    def name(self) -> str:
        """Its official name."""

    @property
    def short_name(self) -> str:
        """Its official short form."""

    @property
    def aliases(self) -> Sequence[str]:
        """What people call it."""


def match_agency(written: str, agencies: Collection[NamedAgency], government: str) -> str | None:
    """The code of the agency that is written, or None where no agency or more than one is called so.

    Case, punctuation, "dan" and "&" do not count, and the name of the government behind the agency's is left away
    ("Dinas Sosial Kabupaten Pesawaran", "... Kab. Pesawaran", "... Pesawaran" for Pemerintah Kabupaten Pesawaran).
    Another government's name stays, so that another government's agency is never taken for one of ours. A name counts
    before a short name, a short name before an alias.
    """
    wanted = _forms(written, government) - {""}
    for names in (_name, _short_name, _aliases):
        found = {one.code for one in agencies if any(wanted & _forms(name, government) for name in names(one))}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def means_government(written: str, government: str) -> bool:
    """Whether the name is that of the government itself, which leaves open which of its agencies is meant."""
    level, region = _level_and_region(government)
    plain = _plain(written)
    return plain in {_plain(government), *(f"{prefix} {region}" for prefix in _LEVELS.get(level, ()))}


def _name(agency: NamedAgency) -> Sequence[str]:
    return (agency.name,)


def _short_name(agency: NamedAgency) -> Sequence[str]:
    return (agency.short_name,)


def _aliases(agency: NamedAgency) -> Sequence[str]:
    return agency.aliases


@lru_cache(maxsize=8192)
def _forms(name: str, government: str) -> frozenset[str]:
    """The plain name, and the same without the government's name behind it."""
    plain = _plain(name)
    level, region = _level_and_region(government)
    for ending in (*(f" {prefix} {region}" for prefix in _LEVELS.get(level, ())), f" {region}"):
        if region and plain.endswith(ending):
            return frozenset({plain, plain.removesuffix(ending)})
    return frozenset({plain})


@lru_cache(maxsize=1024)
def _level_and_region(government: str) -> tuple[str, str]:
    """Such as ("kabupaten", "lampung selatan"); the level is "" for a name of another shape."""
    words = _plain(government).removeprefix("pemerintah ").split()
    if len(words) > 1 and words[0] in _LEVELS:
        return words[0], " ".join(words[1:])
    return "", " ".join(words)


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold().replace("&", " dan ")
    return " ".join(word for word in re.findall(r"[^\W_]+", folded) if word != "dan")
