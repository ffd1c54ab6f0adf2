"""Labelled texts of real citizens, on which the reading is measured. They have no licence: they are read from a folder
that is named, and neither they nor anything learned from them is part of this program."""

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

LATE = "2023-03-01"
LEAST_OWN, LEAST_SMALL = 20, 10
MOST = 2_500
"""Texts of a source that sectors are measured on, the same ones each time."""
_RANKS = {"Kecamatan": "Kecamatan", "Kelurahan": "Kelurahan"}


class NoTexts(Exception):
    """The folder does not hold what is to be measured on: `str()` names the file."""


@dataclass(frozen=True)
class Labelled:
    """Texts of one source with what a person decided; `at` is the day (ISO) where it is known."""

    name: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    at: tuple[str, ...] = ()

    def only(self, places: Sequence[int]) -> "Labelled":
        """The texts at these places."""
        pick = [int(place) for place in places]
        at = tuple(self.at[place] for place in pick) if self.at else ()
        return Labelled(self.name, tuple(self.texts[p] for p in pick), tuple(self.labels[p] for p in pick), at)


def _rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10**7)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        raise NoTexts(f"{path} is missing: name the folder that holds it with --texts.") from None


def _agency(name: str) -> str:
    """The districts and wards of a city each as one class: which one it is, the place tells."""
    return _RANKS.get(name.split(" ")[0], name).replace("Kabupaten Bandung", "").replace("Kab. Bandung", "").strip()


def own_history(folder: Path) -> Labelled:
    """A city's own reports with the agency that handled them, oldest first; agencies with at least 20."""
    rows = [row for row in _rows(folder / "surabaya_wargaku/surabaya_wargaku.csv") if row["keluhan"].strip()]
    rows = sorted((row for row in rows if row["instansi"].strip()), key=lambda row: row["tanggal_keluhan"])
    return _often(
        Labelled(
            "surabaya",
            tuple(row["keluhan"] for row in rows),
            tuple(_agency(row["instansi"]) for row in rows),
            tuple(row["tanggal_keluhan"][:10] for row in rows),
        ),
        LEAST_OWN,
    )


def small_history(folder: Path) -> Labelled:
    """The few reports of a regency with the agency they were sent to; agencies with at least 10."""
    kept: dict[str, dict[str, str]] = {}
    for row in _rows(folder / "sp4n_kab_bandung/sp4n_kab_bandung.csv"):
        if (
            row["dinas_tujuan"] not in ("", "Tidak Diketahui", "Pemerintah Kabupaten Bandung")
            and row["tanggal_masuk"] < "2024"
        ):
            kept.setdefault(row["isi_laporan_awal"][:200], row)
    rows = list(kept.values())
    texts = tuple(f"{row['judul']}\n{row['isi_laporan_awal']}" for row in rows)
    days = tuple(row["tanggal_masuk"] for row in rows)
    return _often(
        Labelled("kab_bandung", texts, tuple(_agency(row["dinas_tujuan"]) for row in rows), days), LEAST_SMALL
    )


def _often(found: Labelled, least: int) -> Labelled:
    number = Counter(found.labels)
    return found.only([place for place, label in enumerate(found.labels) if number[label] >= least])


def by_sector(folder: Path, sectors: Mapping[str, Mapping[str, str]]) -> list[Labelled]:
    """Four sources, each label as one of our sectors: `sectors` maps, for each source, a part of a label to one."""
    places: dict[str, tuple[str, Callable[[dict[str, str]], str], str]] = {
        "surabaya": ("surabaya_wargaku/surabaya_wargaku.csv", lambda row: row["keluhan"], "instansi"),
        "kab_bandung": (
            "sp4n_kab_bandung/sp4n_kab_bandung.csv",
            lambda row: f"{row['judul']}\n{row['isi_laporan_awal']}",
            "dinas_tujuan",
        ),
        "jateng": ("laporgub_jateng/laporgub_jateng.csv", lambda row: row["teks_stem"], "category"),
        "bandung_tweets": ("bandung_tweets/bandung_tweets.csv", lambda row: row["teks"], "topik_umum"),
    }
    found = []
    for name, (file, text_of, column) in places.items():
        kept: dict[str, str] = {}
        for row in _rows(folder / file):
            sector = next((to for part, to in sectors[name].items() if part in row[column]), None)
            if sector is not None and text_of(row).strip():
                kept.setdefault(text_of(row), sector)
        order = sorted(kept, key=lambda text: hashlib.sha256(text.encode("utf-8", "replace")).digest())[:MOST]
        found.append(Labelled(name, tuple(order), tuple(kept[text] for text in order)))
    return found


def without_near_duplicates(taught: Sequence[str], asked: Sequence[str]) -> list[int]:
    """The places of those texts asked about of which no near copy is taught: .85 alike at most, by runs of letters."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # here because it is slow to load

    alike = TfidfVectorizer(analyzer="char_wb", ngram_range=(5, 5), sublinear_tf=True)
    known = alike.fit_transform(taught)
    rows = alike.transform(asked)
    kept: list[int] = []
    for first in range(0, len(asked), 500):
        most = (rows[first : first + 500] @ known.T).max(axis=1).toarray().ravel()
        kept += (first + np.flatnonzero(most <= 0.85)).tolist()
    return kept


def folds(number: int, texts: Sequence[str]) -> list[tuple[list[int], list[int]]]:
    """Places to teach and places to ask, so that each text is asked once; which, its own hash decides."""
    of = [int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:4]) % number for text in texts]
    return [
        ([p for p, at in enumerate(of) if at != fold], [p for p, at in enumerate(of) if at == fold])
        for fold in range(number)
    ]
