"""Words that say what kind of message it is, how urgent, and how far it reaches. Our own lists."""

from salur.triage.phrases import PhraseIndex


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_SUPERVISORY = """
    pungli, pungutan liar, korupsi, dikorupsi, koruptor, suap, disuap, menyuap, gratifikasi, penyalahgunaan wewenang,
    menyalahgunakan wewenang, penyalahgunaan jabatan, penyalahgunaan anggaran, nepotisme, kkn, kolusi, penyelewengan,
    diselewengkan, menyelewengkan, penggelapan dana, mark up, fiktif, jual beli jabatan, pemotongan bantuan,
    pemotongan bansos, bantuan dipotong, bansos dipotong, dana dipotong, disunat, oknum pegawai, oknum pns,
    oknum asn, oknum guru, oknum kepala desa, oknum kades, oknum lurah, oknum aparat, oknum pejabat, oknum dinas,
    oknum petugas, oknum kepala sekolah, oknum camat, oknum polisi, oknum kepala pekon, oknum perangkat desa,
    uang pelicin, dimintai uang, meminta uang, minta uang, bolos kerja, mangkir kerja, pegawai bolos, asn bolos,
    pns bolos, disiplin asn, disiplin pegawai, netralitas asn, asn tidak netral, asn selingkuh, pns selingkuh,
    perselingkuhan asn, penyimpangan dana, penyimpangan anggaran, penyalahgunaan dana, whistleblower,
    pengaturan tender, rekayasa tender, saber pungli, kode etik, maladministrasi, menerima uang, biaya tidak resmi,
    tanpa kuitansi, tanpa kwitansi, dipungut biaya, dipungut uang, pegawai main game, tidak masuk kerja,
    jarang masuk kantor, jarang masuk kerja
"""

_ASKING = """
    bagaimana cara, bagaimana prosedur, bagaimana syarat, bagaimana proses, bagaimana saya, bagaimana kami,
    apa syarat, apa saja syarat, syarat apa, persyaratan apa, apa persyaratan, apa saja persyaratan, syarat untuk,
    apa saja, kapan ada, kapan dibuka, kapan jadwal, kapan akan, mohon informasi, minta informasi, butuh informasi,
    ingin informasi, ingin tanya, ingin bertanya, mau tanya, mau bertanya, saya bertanya, mohon penjelasan,
    mohon pencerahan, mohon petunjuk, mohon diinformasikan, menanyakan, ingin menanyakan, mau menanyakan,
    izin bertanya, ijin bertanya, izin tanya, numpang tanya, apakah ada, apakah bisa, apakah boleh, apakah saya,
    apakah benar, apakah masih, di mana saya, dimana saya, ke mana saya, kemana saya, kemana harus, ke mana harus,
    berapa biaya, berapa lama, jam berapa, nomor telepon, jadwal, mohon infonya, bertanya, minta penjelasan,
    informasi mengenai, informasi tentang, informasi terkait, tanya, adakah, haruskah, permintaan informasi,
    permohonan informasi, minta data, mohon data, permohonan data, apakah harus, apakah perlu, apakah sudah ada,
    apakah akan, info lebih lanjut, diberikan informasi, belum dapat informasi, konfirmasi
"""

# Question words ask for information only in a question that complains of nothing.
_QUESTION = """
    kapan, berapa, bagaimana, apakah, dimana, kemana, di mana, ke mana, apa, siapa, mengapa
"""

_WISHING = """
    usul, usulan, mengusulkan, saya usul, saran, memberi saran, menyarankan, aspirasi, menyampaikan aspirasi,
    sebaiknya, alangkah baiknya, harapan kami, harapan saya, kami berharap, berharap agar, semoga ke depan,
    mohon dibangun, mohon dibangunkan, minta dibangun, minta dibangunkan, minta dibuatkan, mohon dibuatkan,
    mohon diadakan, mohon disediakan, mohon dipasang, mohon dipasangkan, perlu dibangun, perlu adanya, ide, masukan,
    dukung, mendukung, kami mengharapkan, tolong dibuatkan, mohon penambahan, mohon ditambah, ingin mengajukan,
    alangkah bagusnya, kritik dan saran, mohon dibuat
"""

_COMPLAINING = """
    rusak, tidak, belum, mati, keluhan, mengeluh, mengeluhkan, mengadu, pengaduan, aduan, lapor, melaporkan, laporan,
    kecewa, parah, lambat, lama, susah, sulit, berlubang, banjir, macet, bau, kotor, terganggu, mengganggu,
    merugikan, resah, buruk, jelek, bocor, tersumbat, menumpuk, tolong, terbengkalai, hancur, gelap, longsor,
    ditolak, dipersulit
"""

_URGENT = """
    ambulans, kecelakaan, korban, korban jiwa, meninggal, tewas, nyawa, longsor, tanah longsor, banjir bandang,
    kebakaran, darurat, gawat darurat, roboh, ambruk, jembatan putus, jalan putus, jalan terputus, keracunan,
    kabel putus, kabel menjuntai, kabel listrik putus, tersetrum, kesetrum, kekerasan, pelecehan, pemerkosaan,
    diperkosa, pencabulan, penganiayaan, tenggelam, hanyut, sekarat, kritis, anak hilang, bunuh diri, terjebak,
    tanggul jebol, gempa, tsunami, puting beliung, evakuasi, membahayakan, bahaya, berbahaya, celaka,
    sangat mendesak, mengancam keselamatan, pohon tumbang, hampir roboh, mau roboh, wabah, pendarahan, pingsan,
    kelaparan, disiksa, kdrt, jatuh korban
"""

# The plain fact that somebody has died is also part of ordinary paperwork.
_NOT_URGENT = """
    akta kematian, akte kematian, surat kematian, sudah meninggal, telah meninggal, almarhum, orang tua meninggal,
    kekerasan suara, tanda bahaya, rumah duka, gempar, korban phk, unit gawat darurat, instalasi gawat darurat,
    meninggal dunia tahun, ahli waris
"""

_MEDIUM = """
    rehab, rehabilitasi gedung, renovasi, perbaikan total, peningkatan jalan, pengaspalan ulang, diaspal ulang,
    hotmix, betonisasi, cor beton, tahun ini dianggarkan, anggaran perubahan, apbd perubahan, penganggaran,
    dianggarkan, tahun anggaran, pengadaan, belum pernah diperbaiki, belum pernah diaspal, bertahun tahun,
    puluhan tahun, normalisasi sungai, bedah rumah
"""

_LONG = """
    musrenbang, rpjmd, rkpd, pelebaran jalan, jalan baru, jembatan baru, bangun jembatan, pembangunan jembatan,
    dibangun jembatan, dibangunkan jembatan, pembangunan gedung, gedung baru, sekolah baru, bangun sekolah,
    pembangunan sekolah, rumah sakit baru, bangun rumah sakit, pembangunan rumah sakit, pembangunan bendungan,
    pembangunan jalan, flyover, fly over, underpass, jalan layang, pemekaran, rencana jangka panjang, tahun depan,
    pembangunan pasar, pasar baru dibangun, pembangunan terminal, pembangunan pelabuhan, pembangunan stadion,
    jalan lingkar, revitalisasi, usulan pembangunan, sma negeri baru, dibangun sma, dibangunkan sekolah
"""


# Courtesies and phrases of address: the words in them do not speak of any function.
_NOTHING = """
    mohon bantuan, minta bantuan, mohon bantuan dan, meminta bantuan, mohon bantu, tolong bantu, bantuan dan kerja,
    atas bantuan, butuh bantuan, terima kasih bantuan, untuk bantuan, dengan bantuan, mohon bantuan pemerintah untuk,
    tindak lanjut laporan ini, laporan ini, laporan saya ini, kantor saya, jalan keluar, jalan tengah,
    berjalan, air mata, kali ini, tanah air, rumah saya, rumah kami, depan rumah, di rumah, ke rumah,
    rumah warga, tempat tinggal, bapak kepala dinas, kepala dinas, wali kota, walikota, bupati, gubernur,
    sakit hati, lingkungan kami, lingkungan saya, lingkungan rt, lingkungan rw, warga masyarakat,
    pelayanan masyarakat, kartu nama, rt rw, jangan sampai, bahan bakar
"""

# Gambling. What only advertisements of it say, what they often say, and what they promise.
_GAMBLING_STRONG = """
    gacor, gachor, scatter, scater, sketer, judol, jakpot, togel, toto macau, bbfs, parlay, mix parlay,
    freebet, freespin, free spin, jepe, jp paus, jackpot, jekpot, jackpotnya, slot gacor, slot online, slot thailand,
    slot demo, bocoran slot, bocoran rtp, pola gacor, rtp live, rtp, winrate, win rate, zeus, kakek zeus, olympus,
    pragmatic, pg soft, mahjong ways, akun pro, bandarq, dominoqq, qiu qiu, baccarat, sbobet, live casino, casino,
    sabung ayam live, bandar bola, garansi kekalahan, link alternatif, anti nawala, new member bonus, min depo,
    min wd, wd lancar, auto wd, auto jp, auto maxwin, pecah perdana, depo qris, deposit pulsa, depo dana,
    jackpot besar, gacir,
    situs gacor, gampang menang, mudah menang, gampang jp, anti kalah, situs slot, agen slot, server kamboja,
    server thailand, bonus new member, depo receh, modal receh, turnover
"""

_GAMBLING_SURE = """
    maxwin, mekswin, rungkad, anti rungkad, jepe, slot gacor, situs gacor, agen slot, bocoran slot, scatter hitam,
    scatter emas, scatter naga, tujuh tujuh tujuh, delapan delapan, tujuh tujuh, sembilan sembilan, garansi kekalahan
"""

_GAMBLING_WEAK = """
    slot, jp, wd, wede, depo, deposit, withdraw, spin, cuan, hoki, jutaan, menang, kemenangan, member, login, link,
    situs, main di, mainnya di, bermain di, daftar di, gabung di, join di, coba di, cobain, bosku, provider, saldo,
    petir, pecah, sensasional, event, tournament, jutawan, sultan, modal, ketagihan, nagih, game, gameplay, permainan,
    taruhan, pasang, bet, poker, domino, casino online, room, hadiah, bonus, jackpotan
"""

_GAMBLING_PROMISE = """
    dibayar, bayar, cair, rezeki, rejeki, untung, keuntungan, receh, admin ramah, pelayanan ramah, lunas, kaya,
    seru banget, seru, asik, asikk, mantul, pilihan, terpercaya, terbaik, favorit, resmi, dijamin, terbukti, semenjak,
    berkat, pengalaman, platform, fitur, pemain, komunitas, bikin, nyaman, betah
"""

# Talk about gambling as an ill: a complaint of a citizen, not an advertisement.
_AGAINST_GAMBLING = """
    berantas, diberantas, memberantas, tutup, ditutup, blokir, diblokir, tangkap, ditangkap, razia, dirazia, digerebek,
    gerebek, lapor, melaporkan, laporan, resah, meresahkan, kecanduan, korban, tolong, mohon, marak, bahaya, dilarang,
    melarang, bandarnya, bandar judi, warung, tertibkan, ditertibkan, penertiban, polisi, aparat, terjerat, merusak,
    judi online, perjudian, main judi, kenapa, anak sekolah, oknum, iklan, komentar, komen, spam, kok
"""

# Complaints and addresses.
_CIVIC = """
    mohon, tolong, jalan, rt, rw, kelurahan, kecamatan, desa, gang, dinas, warga, lapor, melaporkan, laporan, rusak,
    petugas, kantor, bapak, ibu, sekolah, pelayanan publik, kabupaten, banjir, sampah, parkir, lampu, perumahan,
    ditertibkan, diperbaiki, ditindak, wali kota, walikota, bupati, gubernur, alamat, kartu, pengaduan, mengganggu
"""

# Names that carry a number in ordinary writing: "RT03", "SDN12", "covid19". What follows them is no lucky number.
NUMBERED = _words("""
    rtt rtrw rukun nomor nomer nmr telp telepon hape whatsapp kode pos blok block kav kavling gang lorong jalan jln
    sdn smp sma smk smpn sman smkn sds mtsn man mts mis min tkn kelas kls ruang kamar lantai lrg perum tahap
    covid corona tahun thn tgl tanggal bulan bln jam pukul hari minggu umur usia gen kec kel kab kota prov desa dusun
    perda perwali perpres permen pergub uud pasal ayat bab lampiran form formulir tipe type seri versi ver level
    grup group poin point bus angkot rute trayek koridor line jalur pintu loket antrian antrean nik npwp ktp tiket
    uang rupiah idr ribu juta persen meter kilo liter gram volt watt ukuran size max min plus hut ri dirgahayu
    pak ibu bapak kakak adik dan dari sampai antara atau ada yang untuk pada dengan juni juli april mei maret agustus
    september oktober november desember januari februari windows android redmi xiaomi samsung vivo oppo iphone realme
    mp3 img dsc vid video foto reg bpjs pph ppn pbb pos rsud spbu tol tps tpa tpu poskesdes gate tower cluster
    """)

# How brands end, the weightier first; and ordinary words and names that end so too.
BRAND_ENDINGS = (
    ("slot", 3.2),
    ("toto", 3.0),
    ("togel", 3.2),
    ("gacor", 3.2),
    ("maxwin", 3.2),
    ("bet", 2.4),
    ("win", 2.0),
    ("hoki", 2.2),
    ("poker", 3.0),
    ("casino", 3.0),
    ("cuan", 1.6),
    ("jackpot", 3.0),
)
NO_BRANDS = _words("""
    alfabet alphabet sherbet kelembet seribet belibet beribet ribet merembet rembet darwin edwin erwin alwin kelvin
    marwin goodwin baldwin godwin twin winwin
    sitoto martoto totoro percuan acuan pancuan racuan kacuan cucuan berkecuan rancuan kehoki timeslot chelwin irwin
    ridwin sherwin corwin elwin delwin antoto ototo
    """)
GAMBLING_NAMES = _words("""
    slot gacor maxwin judol togel scatter jackpot toto casino poker slotgacor judionline judislot domino rungkad
    deposit depo withdraw mahjong olympus zeus
    """)


def _phrases(listed: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in listed.split(","))


def _index(**lists: str) -> PhraseIndex[str]:
    return PhraseIndex.build((phrase, meaning) for meaning, listed in lists.items() for phrase in _phrases(listed))


# Each list is looked up by itself, so that a phrase of one never hides a phrase of another.
SUPERVISORY = _index(supervisory=_SUPERVISORY)
ASKING = _index(asking=_ASKING)
QUESTION = _index(question=_QUESTION)
WISHING = _index(wishing=_WISHING)
COMPLAINING = _index(complaining=_COMPLAINING)
URGENCY = _index(urgent=_URGENT, calm=_NOT_URGENT)
CIVIC = _index(civic=_CIVIC)
GAMBLING = _index(
    sure=_GAMBLING_SURE,
    strong=_GAMBLING_STRONG,
    weak=_GAMBLING_WEAK,
    promise=_GAMBLING_PROMISE,
    against=_AGAINST_GAMBLING,
)
HORIZON = _index(medium=_MEDIUM, long=_LONG)
SAYS_NOTHING = _phrases(_NOTHING)

# Words and turns of the kinds that are no matter of an office.
_PRAISE = """
    terima kasih, terimakasih, makasih, matur nuwun, hatur nuhun, mantap, mantab, keren, hebat, luar biasa, salut,
    bravo, bagus, top, jempol, sukses, bangga, alhamdulillah, apresiasi, mengapresiasi, berkah, respect, puas,
    gercep, sigap,
    memuaskan, lanjutkan, the best, gokil, terbaik, ramah, baik hati, membantu sekali, sangat membantu, semoga sehat,
    pahlawan, sudah mulus, enak dilewati, sudah bagus, cepat tanggap, merakyat
"""
_SPAM = """
    klik link, link di bio, klik profil, cek bio, hub wa, hubungi wa, minat wa, minat inbox, minat chat, dana hibah,
    dana tunai, pinjaman online, tanpa agunan, tanpa bi checking, pesugihan, dana gaib, uang gaib, pelet ampuh,
    pengasihan, obat kuat, vitalitas, testimoni, garansi, promo, cod, open bo, vcs, followers, follower, reseller,
    jual akun, jasa hack, free ongkir, investasi, crypto, forex, airdrop, profit, kerja sampingan, komisi, lowongan,
    menangkan hadiah, memenangkan hadiah, klaim, undian, apk, murah, termurah, bergaransi, gestun, pinjol legal,
    proses cepat, amanah, tanpa tes, jalur khusus, telegram, video viral, mahar, ki, black market, lelang, dijual
"""
_BROADCAST = """
    yuk ikuti, simak, sobat, pengumuman, telah dilaksanakan, dilaksanakan, kegiatan, dalam rangka, menghadiri,
    sosialisasi, bimbingan teknis, bimtek, penyerahan, launching, peresmian, diresmikan, rapat koordinasi, rakor, apel,
    segenap jajaran, mengucapkan selamat, selamat hari, dirgahayu, live sekarang, saksikan, jangan lupa, telah dibuka,
    pendaftaran dibuka, pelaksanaan, monitoring, kunjungan kerja, audiensi, pelantikan, upacara, pembukaan, workshop,
    bertempat di, melaksanakan, menyerahkan, laporan telah kami terima, akan kami teruskan, sudah ditangani,
    telah kami terima, mohon maaf atas ketidaknyamanan, terima kasih atas laporannya, terima kasih atas informasi,
    akan kami tindaklanjuti, sudah kami teruskan, segera kami tindaklanjuti, silakan hubungi, imbauan, himbauan,
    patroli, penandatanganan, peringatan hari, musyawarah, pemusnahan, gelar, digelar, menggelar, mari bersama
"""
_PROFANE = """
    anjing, anjir, anjg, anjrit, anying, bangsat, bgst, goblok, goblog, tolol, bego, monyet, babi, kontol, memek,
    jancok, jancuk, cok, asu, kampret, brengsek, bajingan, keparat, setan, iblis, tai, taik, lonte, pelacur, jablay,
    idiot, dungu, sialan, kehed, belegug, raimu, bacot, perek, ngentot, pepek, biadab, laknat, ndasmu, cukimai, pukimak
"""
_THREAT = """
    kubakar, gue bunuh, kubunuh, mati kau, mati aja lu, tau rumah lo, tunggu aja, bunuh kalian, habisi kalian, mati aja
"""
_CHAT = """
    amin, amiin, aamiin, wkwk, wkwkwk, wkwkwkwk, haha, hahaha, hehe, xixi, hadir, absen, pertama, follow, follback,
    selamat ulang tahun, panjang umur, semangat, sehat selalu, innalillahi, al fatihah, alumni, merapat, nyimak, up,
    selamat pagi, selamat siang, selamat malam, assalamualaikum, gaes, guys, kangen, lucu, cantik, ganteng, bestie
"""
# Where praise is a sneer: it stands beside what is wrong.
_SNEER = """
    hebat ya, hebat sekali, mantap ya, mantap sekali, bagus ya, bagus sekali, keren ya, keren sekali, luar biasa,
    terima kasih sudah, terima kasih atas, selamat ya, salut, prestasi, makasih ya, kolam ikan, wisata, rekor, jempol
"""
# Misuse that is denied or only preached about is no complaint of misuse.
_NO_MISUSE = """
    tanpa pungli, bebas pungli, tidak ada pungli, tidak ada pungutan, stop pungli, anti korupsi, antikorupsi,
    zona integritas, anti gratifikasi, cegah korupsi, pencegahan korupsi, bebas korupsi, bebas dari korupsi,
    sosialisasi gratifikasi, tidak dipungut biaya, tidak dipungut, tidak minta uang, tidak meminta uang,
    tidak motong, hari anti korupsi, tolak gratifikasi, tolak pungli
"""

# All cues of kinds in one list, so that one pass over a text finds them; at each word the longest phrase wins.
CUES = PhraseIndex.build(
    (
        (phrase, meaning)
        for meaning, listed in {
            "supervisory": _SUPERVISORY,
            "asking": _ASKING,
            "question": _QUESTION,
            "wishing": _WISHING,
            "complaining": _COMPLAINING,
            "praise": _PRAISE,
            "spam": _SPAM,
            "broadcast": _BROADCAST,
            "profane": _PROFANE,
            "threat": _THREAT,
            "chat": _CHAT,
            "sneer": _SNEER,
            "civic": _CIVIC,
        }.items()
        for phrase in _phrases(listed)
    ),
    hiding=_phrases(_NO_MISUSE),
)
