"""Who owns what, as data: words of a matter, the level that owns it, and the law that says so.

The rows of `data/jurisdiction.csv` follow the annex of UU 23/2014 (Pemerintahan Daerah), with the later rules named
in each row: roads UU 2/2022, mining Perpres 55/2022 (rock and sand lie with the province), basins Permen PUPR 4/2015,
irrigation by its size (over 3,000 ha the nation, 1,000 to 3,000 ha the province, less the regency). Only works and
offices of Lampung that we were certain of are named. Have a lawyer of the government check the rows before real use.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

WATER = "UU 23/2014, lampiran C"
_RULES = Path(__file__).parent / "data/jurisdiction.csv"


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that decide the level of a matter.

    `functions`: it holds where one of these leads (any, where empty). `area`: it holds in this area only. `rank`: the
    higher beats the lower. `unless`: words beside which it does not hold. `body`: who acts where no government of ours
    does. `candidates`: the levels it may be, where `level` is "unknown". `basis`: the law.
    """

    code: str
    level: str
    rank: int
    body: str
    area: str
    functions: frozenset[str]
    candidates: tuple[str, ...]
    basis: str
    words: tuple[str, ...]
    unless: tuple[str, ...]


@lru_cache(maxsize=1)
def shipped_rules() -> tuple[Rule, ...]:
    """The rules of `data/jurisdiction.csv`; lists are separated by `|` there."""
    with _RULES.open(encoding="utf-8", newline="") as file:
        return tuple(
            Rule(
                row["code"],
                row["level"],
                int(row["rank"]),
                row["body"],
                row["area"],
                frozenset(_listed(row["functions"])),
                _listed(row["candidates"]),
                row["basis"],
                _listed(row["words"]),
                _listed(row["unless"]),
            )
            for row in csv.DictReader(file)
        )


def _listed(joined: str) -> tuple[str, ...]:
    return tuple(filter(None, joined.split("|")))


BODIES: Mapping[str, tuple[str, str]] = {
    "kemenag": ("Kementerian Agama (Kanwil Lampung)", "the Ministry of Religious Affairs"),
    "higher_education": (
        "kementerian pendidikan tinggi dan kampusnya",
        "the ministry of higher education and its campuses",
    ),
    "polda": ("Polda Lampung", "the police of Lampung"),
    "army": ("TNI Angkatan Darat", "the army"),
    "private": ("pengelola swastanya, diawasi dinas kesehatan", "its private operator, watched by the health agency"),
    "bpjt": ("badan pengatur dan pengelola jalan tol", "the toll road regulator and operator"),
    "bpjn": ("Balai Pelaksanaan Jalan Nasional Lampung", "the national road agency in Lampung"),
    "bbws": ("BBWS Mesuji Sekampung", "the river basin agency Mesuji Sekampung"),
    "kai": ("PT Kereta Api Indonesia", "the railway company"),
    "airport": ("pengelola bandara", "the airport operator"),
    "asdp": ("ASDP dan BPTD Lampung", "the ferry company and the land transport agency"),
    "pelindo": ("Pelindo Panjang", "the port company at Panjang"),
    "bptd": ("Balai Pengelola Transportasi Darat Lampung", "the national land transport agency in Lampung"),
    "bksda": ("balai taman nasional atau BKSDA", "the national park or nature conservation agency"),
    "energy_ministry": ("Kementerian ESDM", "the Ministry of Energy and Mineral Resources"),
    "immigration": ("Kantor Imigrasi", "the immigration office"),
    "bpn": ("Kantor Pertanahan (ATR/BPN)", "the land office"),
    "pln": ("PLN", "the power company PLN"),
    "bpjs_health": ("BPJS Kesehatan", "the health insurance body"),
    "bpjs_work": ("BPJS Ketenagakerjaan", "the workers' insurance body"),
    "hajj": ("Kementerian Haji dan Umrah", "the Ministry of Hajj and Umrah"),
    "tax_office": ("Kantor Pelayanan Pajak (DJP)", "the national tax office"),
    "digital": ("Kementerian Komunikasi dan Digital", "the Ministry of Communication and Digital Affairs"),
    "pertamina": ("Pertamina", "the fuel company Pertamina"),
}
# Who acts for the nation where a function is national and no rule names a body.
NATIONAL_BODIES: Mapping[str, str] = {
    "roads_bridges": "bpjn",
    "irrigation_rivers": "bbws",
    "education": "higher_education",
    "transport": "bptd",
    "forestry": "bksda",
    "local_tax": "tax_office",
    "religion_welfare": "kemenag",
    "trade_industry": "pertamina",
    "land": "bpn",
    "electricity": "pln",
    "health_insurance": "bpjs_health",
    "labour": "bpjs_work",
    "telecom_digital": "digital",
    "police_justice": "polda",
    "energy_mining": "energy_ministry",
}
IRRIGATION_STEPS = ((3_000, "national"), (1_000, "province"), (0, "regency"))
"""Hectares above which an irrigation area is the nation's, from which on the province's, and the rest."""
ROAD_LEVELS: Mapping[str, str] = {
    "national": "national",
    "provincial": "province",
    "regency": "regency",
    "village": "village",
}
LEVEL_NAMES: Mapping[str, tuple[str, str]] = {
    "national": ("pemerintah pusat", "the national government"),
    "province": ("pemerintah provinsi", "the province"),
    "regency": ("pemerintah kabupaten/kota", "the regency or city"),
    "village": ("pemerintah desa", "the village"),
}
