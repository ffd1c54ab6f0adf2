"""How words are glued together in chat: -in of Jabodetabek, ny and x for -nya, a 2 for a doubled word, leetspeak.

Our own rules and lists, written down from usage. Every rule gives a word that reads as itself when it is read again.
"""

import re
from collections.abc import Mapping

# Stems that take -in in chat where the written language takes -kan: "bersihin", "dibersihin", "ngebersihin".
_KAN = """
    aktif aman ambil angkat antar atur baca bagi baik balik bangun bayar bebas beli benah benar beres bersih besar
    bilang buang buat buka cair carik cat catat cepat cerita cetak coba copot coret cuek dalam data daftar dekat
    dengar diam dingin diri dorong duduk gali ganggu ganti gelap gerak habis hapus henti hidup hilang hitung ikut
    ingat isi izin jaga jalan jatuh jelas jual kasih kecil kembali kerja keluar kirim kosong kumpul kunci lancar
    lapor lebar lepas lewat lihat lindung longgar lupa lurus macet makan malu mandi masuk mati minta muat mudah
    mulai naik nyala numpuk omong padam pakai panggil panjang pasang paksa pecah pegang pendek percaya perhati
    periksa pilih pindah pinggir pisah potong proses pulang pulih puter putus racun ramai rapi rata rawat rekam
    renovasi robek roboh rugi rubuh rusak sadar salah sampai sama sambung sebar sebut sedia segel sehat selesai
    semprot sempit serah siap simpan singkir sita siram suruh susah tambah tampung tanam tanda tanya tarik teliti
    tempel tenang terang terus tiba timbun tindak tinggal tingkat titip tolong tunda tunggu tunjuk turun tutup
    ubah ukur ulang umum urus usir usut utama
"""
_STEMS = frozenset(_KAN.split())
# Words said otherwise in chat than written, before the ending is looked at.
_SPOKEN = {
    "bener": "benar", "denger": "dengar", "anter": "antar", "cepet": "cepat", "deket": "dekat", "liat": "lihat",
    "idup": "hidup", "ilang": "hilang", "itung": "hitung", "pake": "pakai", "rame": "ramai", "inget": "ingat",
    "kelar": "selesai", "gede": "besar", "masup": "masuk", "abis": "habis",
}  # fmt: skip
_BEFORE = ("dinge", "nge", "di", "ke", "")
_DOUBLED = re.compile(r"([a-z]{3,})2(nya|an|lah|kah|kan|ku|mu|pun)?")
# With three letters, only what is surely a word: "sma2" is a school, "org2" are people.
_DOUBLED_LISTED = """
    org ibu bpk ank mbl air ada apa lgi sdh blm tdk jln rmh hri pagi tau lht lah kok dpt gak aja jgn bgt krn
"""
_SHORT_DOUBLED = frozenset(_DOUBLED_LISTED.split())
_NY = re.compile(r"[a-z]{3,}[aeiou]?[a-z]ny")
_X = re.compile(r"[a-z]{2,}[bdfghjklmnprstvwyz]x")
_LEET = str.maketrans("013457", "oieast")
_LEET_L = str.maketrans("013457", "oleast")
_MIXED = re.compile(r"(?=[a-z0-9]*[a-z])(?=[a-z0-9]*[013457])[a-z0-9]{4,20}")
_INNER = re.compile(r"[a-z]+(?:[013457][a-z]+){2,}")
_TAIL = re.compile(r"([a-z0-9]*?[a-z])(\d{2,4})")
# Words that people write with digits to slip past filters: gambling, abuse, and what they complain of.
_HIDDEN_LISTED = """
    slot gacor judi judol togel jackpot maxwin bonus situs deposit depo cair scatter zeus olympus pragmatic casino
    kasino poker domino bandar taruhan parlay sbobet mahjong spin freespin rtp link login daftar menang withdraw
    pinjol pinjaman dana hoki jepe cuan viral anjing bangsat babi goblok tolol bajingan kontol memek ngentot asu
    jancok setan iblis monyet kampret brengsek tai bego kafir jablay lonte pelacur korupsi koruptor pungli suap
    maling rampok begal bansos pemerintah gubernur bupati walikota polisi jalan rusak banjir sampah air listrik
    sekolah bodoh mati gila gaji uang rakyat
"""
_HIDDEN = frozenset(_HIDDEN_LISTED.split())


def written_out(word: str) -> str:
    """The word with its chat ending written out: "benerin" is "benarkan", "jalanny" and "jalanx" are "jalannya"."""
    if word.endswith("in") and len(word) > 5:
        return _kan(word)
    if word.endswith("ny") and _NY.fullmatch(word):
        return f"{word}a"
    if word.endswith("x") and len(word) > 4 and _X.fullmatch(word):
        return f"{word[:-1]}nya"
    return word


def _kan(word: str) -> str:
    for before in _BEFORE:
        if word.startswith(before):
            stem = word[len(before) : -2]
            stem = _SPOKEN.get(stem, stem)
            if stem in _STEMS:
                return f"{'di' if before.startswith('di') else ''}{stem}kan"
    return word


def with_digits(word: str, short_forms: Mapping[str, str]) -> str:
    """A word with digits as it is meant: "jalan2" is "jalan", "g4c0r" is "gacor"; codes, plates and units stay."""
    doubled = _DOUBLED.fullmatch(word)
    if doubled and (len(doubled[1]) > 3 or doubled[2] or (doubled[1] in _SHORT_DOUBLED and word not in short_forms)):
        return doubled[1] + (doubled[2] or "")
    if not _MIXED.fullmatch(word):
        return word
    tail = _TAIL.fullmatch(word)
    head, rest = (tail[1], tail[2]) if tail else (word, "")
    for table in (_LEET, _LEET_L):
        plain = head.translate(table)
        if plain in _HIDDEN and plain != head:
            return plain + rest
    return word.translate(_LEET) if _INNER.fullmatch(word) else word


def is_hidden(word: str) -> bool:
    """Whether people write this word with signs between its letters to slip it past filters."""
    return word in _HIDDEN
