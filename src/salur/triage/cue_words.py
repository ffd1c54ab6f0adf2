"""Words that say what kind of message it is, how urgent, and how far it reaches. Our own lists."""

from salur.triage.phrases import PhraseIndex

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
HORIZON = _index(medium=_MEDIUM, long=_LONG)
SAYS_NOTHING = _phrases(_NOTHING)
