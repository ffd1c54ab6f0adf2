"""What an officer reads beside two matters: the likenesses and the differences, in Indonesian and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final

_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "same.street": ("Jalan yang sama", "Same street"),
        "same.landmark": ("Tempat yang sama disebut", "Same landmark named"),
        "same.village": ("Desa atau kelurahan yang sama", "Same village"),
        "same.near": ("Titik lokasi berdekatan", "Points close together"),
        "same.post": ("Di bawah konten yang sama", "Under the same post"),
        "same.thing": ("Menyebut hal yang sama", "Speaks of the same thing"),
        "same.words": ("Kata-kata yang sangat mirip", "Much the same words"),
        "same.days": ("Selisih hari", "Days apart"),
        "other.regency": ("Menyebut kabupaten/kota lain", "Names another regency"),
        "other.district": ("Menyebut kecamatan lain", "Names another district"),
        "other.village": ("Menyebut desa atau kelurahan lain", "Names another village"),
        "other.point": ("Titik lokasi berjauhan (km)", "Points far apart (km)"),
        "other.street": ("Menyebut jalan lain", "Names another street"),
        "other.landmark": ("Menyebut tempat lain", "Names another landmark"),
        "other.house": ("Nomor rumah berbeda", "Different house numbers"),
        "other.rt": ("RT berbeda", "Different RT"),
        "other.rw": ("RW berbeda", "Different RW"),
        "other.block": ("Blok berbeda", "Different blocks"),
        "other.km": ("Kilometer berbeda", "Different kilometres"),
        "other.thing": ("Menyebut hal lain", "Speaks of another thing"),
        "other.function": ("Urusan lain", "Another function"),
        "other.names": ("Nama-nama lain disebut", "Other names are said"),
        "other.again": ("Mungkin terjadi lagi setelah ditangani", "May have happened again after it was handled"),
        "other.closed": ("Laporan sudah ditutup", "The case is closed"),
        "other.days": ("Terpaut lama (hari)", "Long apart (days)"),
    }
)


@dataclass(frozen=True, slots=True)
class Sign:
    """One ground for or against. `detail` quotes names or numbers from the citizens: never log it."""

    code: str
    detail: str = ""

    @property
    def likeness(self) -> bool:
        """Whether it speaks for one matter; otherwise against."""
        return self.code.startswith("same.")

    @property
    def text_id(self) -> str:
        """The sign in Indonesian."""
        return self._with_detail(_TEXTS[self.code][0])

    @property
    def text_en(self) -> str:
        """The sign in English."""
        return self._with_detail(_TEXTS[self.code][1])

    def _with_detail(self, text: str) -> str:
        return f"{text}: {self.detail}" if self.detail else text


class Likeness:
    """Codes of what two matters have in common."""

    STREET: Final = "same.street"
    LANDMARK: Final = "same.landmark"
    VILLAGE: Final = "same.village"
    NEAR: Final = "same.near"
    POST: Final = "same.post"
    THING: Final = "same.thing"
    WORDS: Final = "same.words"
    DAYS: Final = "same.days"


class Difference:
    """Codes of what sets two matters apart."""

    REGENCY: Final = "other.regency"
    DISTRICT: Final = "other.district"
    VILLAGE: Final = "other.village"
    POINT: Final = "other.point"
    STREET: Final = "other.street"
    LANDMARK: Final = "other.landmark"
    THING: Final = "other.thing"
    FUNCTION: Final = "other.function"
    NAMES: Final = "other.names"
    AGAIN: Final = "other.again"
    CLOSED: Final = "other.closed"
    DAYS: Final = "other.days"
    NUMBER: ClassVar[Mapping[str, str]] = MappingProxyType(
        {kind: f"other.{kind}" for kind in ("house", "rt", "rw", "block", "km")}
    )
