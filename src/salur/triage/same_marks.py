"""Where a text says it is and what it is about, as far as its words show.

A mark is a street, a landmark or a number with its kind: "street: teuku umar", "pasar: tugu", "house: 12". Marks come
from words such as jalan or pasar before a name, so no list of streets is needed. Things are what went wrong ("lamp",
"flood"), by a small dictionary written for this purpose.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from salur.language.normalise import Normalised

_MOST_MARKS = 24
_WIDEST_NAME = 3
_SAME_LETTERS = 0.6
_SAME_VILLAGE = 0.8
_SAME_ENDING = 7


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _spread(lines: str) -> dict[str, frozenset[str]]:
    """One line a thing: its name, a colon, the words that speak of it. A word may speak of several things."""
    found: dict[str, set[str]] = {}
    for line in filter(str.strip, lines.splitlines()):
        thing, _, words = line.partition(":")
        for word in words.split():
            found.setdefault(word, set()).add(thing.strip())
    return {word: frozenset(things) for word, things in found.items()}


THINGS: Mapping[str, frozenset[str]] = _spread(
    """
    lamp: pju penerangan gelap gulita remang kuburan
    signal: traffic ijo
    gate: palang perlintasan rel
    road: aspal lubang berlubang bolong bergelombang kubangan offroad ditambal tambal diaspal mengelupas peyang lumpur
    road: pelek amblas paving pavingisasi becek berdebu ancur hancur ambles lobang jalanrusak
    bridge: jembatan rakit
    waste: sampah tps diangkut tumpukan sokli pengangkut
    flood: banjir tergenang terendam kerendem rob genangan menggenang tenggelam luapan pasang merendam rendam kebanjiran
    drain: selokan got drainase gorong mampet tersumbat dikeruk meluap saluran parit
    tree: pohon dahan ranting
    tap: pdam ngalir mengalir aliran keran galon ledeng
    leak: bocor muncrat kebocoran pipa
    dry: kering kekeringan droping sumur
    irrigation: irigasi
    slide: longsor talud talut tebing
    fire: kebakaran kebakar terbakar damkar api karhutla asap asep
    burn: bakar membakar
    smell: bau busuk menyengat pesing
    coop: kandang peternakan ayam
    effluent: limbah lindi
    dust: debu abu pltu stockpile
    jam: macet kemacetan antrian antrean antre antri
    truck: truk tonase muatan
    vendors: pkl lapak kakilima
    sidewalk: trotoar
    parking: parkir parkiran
    extortion: pungli pungut dipungut dimintai narik retribusi pemalakan dipalak getok dipotong potong karcis
    extortion: memotong penarikan komite sumbangan pungutan
    service: pelayanan jutek ramah loket lelet lambat
    medicine: obat
    bed: igd kamar lorong
    ambulance: ambulans rujuk
    toilet: toilet wc jamban
    idcard: ktp blanko blangko ektp
    certificate: sertifikat ptsl
    deed: akta akte
    broker: calo
    roof: atap plafon
    collapse: ambruk ambrol roboh tumbang
    teacher: guru honor honorer
    violence: memukul dibully tawuran bully
    admission: ppdb zonasi titipan
    aid: bansos pkh bantuan raskin blt
    funds: kades korupsi inspektorat dana
    fertiliser: pupuk urea
    pest: hama wereng
    elephant: gajah
    dog: anjing
    cattle: sapi
    cat: kucing
    theft: begal pembegalan dirampas pencurian maling curanmor
    racing: balap balapan
    party: orgen organ orkes hajatan
    power: pln listrik padam
    pole: tiang
    cable: kabel fiber menjuntai
    network: sinyal tower internet wifi
    poisoning: keracunan mbg muntah
    dengue: dbd fogging difogging berdarah jentik
    disease: pmk vaksin mulut
    billboard: baliho reklame billboard
    indecency: eksibisionis senonoh kelamin mesum
    building: imb pbg ruko
    noise: bising berisik brisik
    glass: kaca pecah kursi
    bus: trayek jadwal
    thugs: preman pengamen
    logging: perambahan penebangan dibabat ditebang hutan
    mining: penambangan tambang sedot
    fuel: solar bbm spbn
    boat: kapal kandas dangkal
    scale: timbangan pmt
    price: harga
    playground: ayunan
    manhole: manhole
    """
)
"""Words, as normalised, that say what a matter is about. Written for this project from everyday usage."""

_NO_NAME = _words(
    """
    ada adalah agar akan aku alhamdulillah anak apa arah atas atau awas bagian bahaya baru bawah bagus bapak bdl
    beberapa belakang belum benar bener besar biar bin bisa buat bukan bupati cuma dalam dan dari daerah dekat dengan
    depan di dia dibangun diperbaiki dijadikan dikasih dilewati dkt dong dpn gara gubernur hampir hancur hari harus hati
    hingga ibu ini itu jadi jangan jauh jika juga kalau kami kampung kanan kapan karena katanya kayak ke kecil
    kecamatan kelurahan kemarin kemaren kenapa kepala ketika kiri kok kabupaten gak gk ga udah udh jg lg bgt
    kurang lagi lain lalu lama lampung
    lewat lho licin lintas loh mah malah malam malem mana mas masih masuk mati mau mbak melewati memang membahayakan
    menuju menutup min mohon nih nya nyala oleh pagi paling pada pak para parah pas pecah pelan penghubung penuh pernah
    perlu poros provinsi nasional raya rusak rumah saat saja sama sampai samping sangat sangkut satu saya sebelah
    sebelum sedang segera sejak sekali sekarang sekitar sekolah selalu semua sempit semoga sepanjang seperti sepi
    sering siang simpang sini situ sore sudah supaya tadi tempat tengah terlalu tertutup terus tetapi tidak tiap
    tolong total tuh tutup udah umum untuk wali walikota warga ya yaitu yang desa dusun pekon tiyuh kelurahan rt rw
    nomor blok km lingkungan putus semrawut menyala tumbang ambrol ancur pemukiman sendiri utama setempat kena
    bahkan mulai nutup macem masa pake pakai naik gantung penyeberangan
    malah semalam semalem kosong langka jorok kotor dijual gelap berat gangguan
    memakan mengganggu aja sih deh kan pemerintah pusat itupun begini begitu gini gitu duit rame ramai sering tetap
    """
)
_TITLES = _words(
    "jend jenderal jendral pangeran kapten kolonel letjen mayjen brigjen haji kiai kh dr prof ir p h z a r"
)
_GENERIC = _words(
    """pulau gunung way imam raden radin sultan teuku tengku cut ikan ki nyi ahmad abdul gajah tanjung bumi sri karya
    sumber suka tirta kota banjar bandar batu bukit negeri negara sinar seputih labuhan teluk sungai tiga simpang
    taman wisata sukarame korpri permai griya villa puri"""
)
"""First words of so many names that more must agree than they."""
_STREETS = {"jalan": "street", "gang": "alley"}
_SCHOOLS = {
    "sd": "sd",
    "sdn": "sd",
    "mi": "sd",
    "smp": "smp",
    "smpn": "smp",
    "mts": "smp",
    "sma": "sma",
    "sman": "sma",
    "smk": "smk",
    "smkn": "smk",
}
_LANDMARKS = _words(
    """
    pasar masjid mesjid musala mushola gereja puskesmas rsud rumahsakit jembatan simpang pantai terminal stasiun halte
    perumahan komplek taman lapangan bundaran tugu pelabuhan posyandu pabrik register tpa pltu disdukcapil samsat bpn
    sungai kali way pulau perlintasan dermaga bandara kampus embung bendungan waduk
    """
)
_ALIKE = {
    "mesjid": "masjid",
    "mushola": "musala",
    "kali": "sungai",
    "komplek": "perumahan",
    "capil": "disdukcapil",
    "way": "spot",
    "pulau": "spot",
}
_VILLAGES = _words("desa kelurahan pekon tiyuh kampung dusun lingkungan")
_SPOTS = _words("di ke dari daerah warga wilayah kecamatan area dekat poros")
_PASSED = _words("bus desa kelurahan pekon tiyuh kecamatan induk negeri kantor dusun")
_NUMBERS = {"nomor": "house", "rt": "rt", "rw": "rw", "km": "km", "blok": "block"}
_CLOSING = (_NO_NAME | THINGS.keys() | _SCHOOLS.keys() | _STREETS.keys() | _NUMBERS.keys()) - {"gajah", "pohon"}
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A street, landmark or number that a text names: `kind` and the words of its `name`, joined by spaces."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class _Words:
    """A text word by word: as read, and as written (names are no slang, so they are taken as written)."""

    read: tuple[str, ...]
    written: tuple[str, ...]
    plain: Container[str]


def read_marks(text: Normalised, plain: Container[str] = frozenset()) -> frozenset[Mark]:
    """The streets, landmarks, villages and numbers that a text names; at most 24.

    `plain` are everyday words at which a name ends. A highway is no place: "lintas Sumatera" is left out.
    """
    read = tuple(token.bare for token in text.tokens)
    written = tuple(text.original[token.start : token.end].lower() for token in text.tokens)
    words = _Words(read, written, plain)
    found: set[Mark] = set()
    for place in range(len(read)):
        mark = _mark_at(words, place)
        if mark is not None:
            found.add(mark)
            if len(found) == _MOST_MARKS:
                break
    return frozenset(found)


def _mark_at(words: _Words, place: int) -> Mark | None:
    word = words.read[place]
    if words.written[place] in _SCHOOLS:
        return _school(words, place)
    if word in _STREETS:
        mark = _named(_STREETS[word], words, place)
        return None if mark is not None and mark.name.startswith("lintas") else mark
    if word in _VILLAGES or word in _SPOTS:
        if place + 1 < len(words.read) and words.read[place + 1] in _LANDMARKS - {"way", "pulau"}:
            return None
        return _named("village" if word in _VILLAGES else "spot", words, place)
    if word in _LANDMARKS and not (place and words.read[place - 1] in _STREETS):
        return _named(_ALIKE.get(word, word), words, place)
    if word.isdigit() and place and words.read[place - 1] == "rt":
        return _named("village", words, place)
    if word in _NUMBERS and place + 1 < len(words.read):
        return _number(_NUMBERS[word], words.written[place + 1])
    return None


def _named(kind: str, words: _Words, place: int) -> Mark | None:
    if kind == "register" and place + 1 < len(words.read) and words.read[place + 1].isdigit():
        return Mark(kind, words.read[place + 1])
    name = " ".join(_name(words, place + 1))
    return Mark(kind, name) if len(name) >= 3 else None


def _name(words: _Words, first: int) -> Iterator[str]:
    """The words that may be a name from `first` on: up to three, without titles, up to the first everyday word."""
    count = 0
    for place in range(first, min(first + _WIDEST_NAME + 2, len(words.read))):
        read, written = words.read[place], words.written[place]
        if not count and (written in _TITLES or read in _PASSED):
            continue
        digits = _ROMAN.get(written, written)
        if digits.isascii() and digits.isdigit() and count and len(digits) < 3:
            yield str(int(digits))
            return
        if count == _WIDEST_NAME or len(written) < 2 or not written.isalpha() or _ends(words, read, written, count):
            return
        if read in _LANDMARKS and count:
            return
        count += 1
        yield written


def _ends(words: _Words, read: str, written: str, count: int) -> bool:
    """Whether a name ends before a word. A first word counts as written, unless it is an abbreviation."""
    if written in _GENERIC:
        return False
    if written in _CLOSING or written in words.plain:
        return True
    shortened = not any(letter in "aeiou" for letter in written)
    return (count > 0 or shortened) and (read in _CLOSING or read in words.plain)


def _school(words: _Words, place: int) -> Mark | None:
    """A school by its number and name: "SD Negeri 1 Sukaraja" and "SDN 1 Sukaraja" are the same."""
    kind, rest = _SCHOOLS[words.written[place]], place + 1
    if rest < len(words.read) and words.written[rest] in ("negeri", "n"):
        rest += 1
    if rest < len(words.read) and words.read[rest].isdecimal() and len(words.read[rest]) < 4:
        return Mark(kind, " ".join((str(int(words.read[rest])), *_name(words, rest + 1))))
    name = " ".join(_name(words, rest))
    return Mark(kind, name) if len(name) >= 3 else None


def _number(kind: str, word: str) -> Mark | None:
    if kind == "block":
        return Mark(kind, word) if len(word) <= 3 and word not in _CLOSING else None
    digits = word.rstrip("abcdefgh") if kind == "house" else word
    return Mark(kind, str(int(digits))) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else None


@lru_cache(maxsize=65536)
def spoken_forms(name: str) -> tuple[str, ...]:
    """How else people may say a name: joined in full, and by its first words where these are no everyday beginning."""
    words = [word for word in name.split() if not word.isdigit()]
    first = "".join(words[:2]) if words and words[0] in _GENERIC else "".join(words[:1])
    return tuple(dict.fromkeys(form for form in ("".join(words), first) if len(form) > 4 and form not in _GENERIC))


@lru_cache(maxsize=8192)
def skeleton(word: str) -> str:
    """A word without what people misspell: vowels after the first letter and doubled consonants."""
    kept = word[0]
    for letter in word[1:]:
        if letter not in "aeiouhy" and letter != kept[-1]:
            kept += letter
    return kept if len(kept) > 2 else word


@lru_cache(maxsize=65536)
def same_name(one: str, other: str) -> bool:
    """Whether two names are spellings of one: numbers equal, and the letters nearly so or one within the other."""
    numbers, letters = _parts(one)
    numbers_there, letters_there = _parts(other)
    if numbers != numbers_there:
        return False
    if not letters or not letters_there:
        return bool(numbers)
    here, there = "".join(letters), "".join(letters_there)
    bones, bones_there = [skeleton(word) for word in letters], [skeleton(word) for word in letters_there]
    if here == there or set(bones) <= set(bones_there) or set(bones_there) <= set(bones):
        return True
    if bones[0] == bones_there[0] and (letters[0] not in _GENERIC or bones[1:2] == bones_there[1:2]):
        return True
    if _initials(letters) == there or _initials(letters_there) == here:
        return True
    if here[0] != there[0]:
        return False
    fewer = min(len(letters), len(letters_there))
    if _alike("".join(letters[:fewer]), "".join(letters_there[:fewer])) >= _SAME_LETTERS:
        return True
    return min(len(here), len(there)) >= _SAME_ENDING and here[-_SAME_ENDING:] == there[-_SAME_ENDING:]


@lru_cache(maxsize=65536)
def same_village(one: str, other: str) -> bool:
    """Whether two names of villages are one. Stricter than `same_name`: villages differ by a word or a few letters."""
    here, there = one.split(), other.split()
    alike = [
        a == b or skeleton(a) == skeleton(b) or _alike(a, b) >= _SAME_VILLAGE for a, b in zip(here, there, strict=False)
    ]
    return all(alike[:2])


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words) if len(words) > 2 else ""


def _parts(name: str) -> tuple[frozenset[str], tuple[str, ...]]:
    words = name.split()
    return frozenset(word for word in words if word.isdigit()), tuple(word for word in words if not word.isdigit())


def _alike(one: str, other: str) -> float:
    """The share of letter pairs that two names have in common (Dice)."""
    here, there = ({name[i : i + 2] for i in range(len(name) - 1)} for name in (one, other))
    return 2 * len(here & there) / max(len(here) + len(there), 1)


def read_things(words: Sequence[str]) -> frozenset[str]:
    """What the words speak of. "Lampu merah" is a signal, any other lamp a lamp."""
    found: set[str] = set()
    for place, word in enumerate(words):
        if word == "gajah" and place and words[place - 1] == "kota":
            continue  # Kota Gajah is a district
        found |= THINGS.get(word, frozenset())
        if word == "lampu":
            after = words[place + 1] if place + 1 < len(words) else ""
            found.add("signal" if after in ("merah", "lalu", "hijau") else "lamp")
    if not found and "jalan" in words and "rusak" in words:
        found.add("road")
    return frozenset(found)
