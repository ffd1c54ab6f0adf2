"""Which words are names of people, and which surely are not: our own list of common given names in Indonesia. Pure."""

from functools import lru_cache

from salur.language.evidence import says
from salur.language.tongues import LOCAL_WORDS
from salur.language.words import SHORT_FORMS

_GIVEN = """
abdul abdullah achmad ade adit aditya agung agus agustina ahmad ainun aisyah akbar alamsyah aldi alfian ali alia amalia
amelia amin amir amirudin andi andika andre andri angga anggi anggraini ani anisa anita anton antoni anwar ardi ari
arief arif aris arifin arman asep asih astuti asri atik ayu azis badrun bagas bahar bahrul bambang basri basuki bayu
benny budi budiman burhan cahyo cahyono candra catur cecep chandra citra damar dani daniel danu darmawan darto dede dedi
deni denny desi dewi diah dian dika dimas dina dini dodi doni dwi dyah edi edy efendi eka eko elly elsa endah endang
erna erni erwin eti eva fadli fahmi faisal fajri farah farhan farida fatimah fauzi febri fendi ferdi feri ferry fifi
firman fitri fitriani galih galuh gilang gunawan hadi hafiz hakim halim halimah hamid hamzah handayani handoko hani
hanif haryanto haryono hasan hasanah hendra hendri hendro heni henny heri herman hermawan heru hidayat husen husin
ibrahim ida idris ika iksan ilham imam imron indra indri intan irawan irfan irma irwan iskandar ismail iwan jaenal jaka
jamal jamil joko joni jono juli juliana jumadi junaidi kartika kartini karyadi kasim khairul khodijah koko komarudin
krisna kurnia kurniawan kusuma laila latif lestari lia lilis lina linda lukman lusi maharani mahmud maman mardi mardiana
marlina marni marwan maryam maryati maulana melinda meri mira misbah muhamad muhammad mukhlis mulyadi mulyani mulyono
munir mustafa mustika nanang nana nani nasrudin neneng ngatini ngatiyem ni nia nina ningsih noer nova novi novita nur
nuraini nurdin nurhayati nuri nurjanah nurul oki okta paijo paimin parjo parman parti partini pipit poniman ponirah
prabowo pramono prasetyo pratama prayitno pujiono purnomo purwanto putu rahardjo rahayu rahmad rahman rahmat rahmawati
ramadhan rangga ratih ratna reni retno ria rian ridwan rifki rika rina rini rio risa riski rita riyadi riyanto rizal
rizki rizky rohani rohmah romi roni rosita rosmala rudi rusdi rusli ruslan safitri saiful salim salman samsul sandi
santi santoso sari saroh sarti satria septi setiawan setyo sholeh sigit sinta siska siswanto siti slamet soleh solihin
sri suharti suharto sugeng sugiarto sugiono suhendra sujono sukarno sukirman sulaiman sulastri sulistyo sumarni sumarno
sumiati sunarto sunaryo supardi supardi supri supriadi supriyadi suparman suparno supriyanto surono suryadi suryana
susanti susanto susi susilo sutarno sutarti sutini sutrisno suwarno suyanto syahrul syaiful syamsul syarif taufik tati
teguh tini tini titik titin tono topan toni tri triyono tuti tukiman tukiran udin umar umi usman utami vina wahid wahyu
wahyudi wahyuni wardana warni warsito wati wawan wayan widodo widya wijaya winarno winarti wiwik wulan wulandari yahya
yanti yanto yati yeni yoga yogi yohanes yoyok yudi yuda yuli yulia yuliana yulianti yuni yunus yusuf zaenal zaenab
zahra zainal zainudin zaki zul zulkifli ketut made nyoman gede komang
"""
# Names that are also everyday words: names only where they are written with a capital behind "Pak", "Bu" and the like.
_ALSO_WORDS = (
    "bagus indah mawar melati bintang surya mega fajar cahaya putra putri harapan bunga jaya slamet ayu sari ria"
)
_WITH_CAPITAL = frozenset(_ALSO_WORDS.split())
_GIVEN_NAMES = frozenset(_GIVEN.split()) - _WITH_CAPITAL - {"ni", "imam", "gede"}

# Titles and offices, groups, weekdays and the like that follow "Pak", "atas nama", "nama saya": never a private name.
_TITLES = """
staff pimpinan tim demikian bahkan armada pemda admin penanggung pelaksana kuasa kelas wali penolong
kakam inspektur almarhum almarhumah alm pihak pj plt pjs kapus kabag kajari kajati komisioner ombudsman auditor
pemeriksa prof ir ust letkol kolonel jenderal komandan danramil dandim koramil pawang mantri
gubernur wagub bupati wabup walikota wali wakil presiden wapres menteri camat lurah kades kepala kepsek kadis kapolres
kapolda kapolsek kasat kabid kasi sekda sekdes sekcam sekretaris ketua dewan anggota dprd dpr dpd polisi polantas
polri tni babinsa bhabinkamtibmas satpol satpam hakim jaksa dokter dr drg bidan perawat suster guru dosen rektor
direktur dirut manajer bendahara staf petugas pegawai asn pns pppk honorer admin operator sopir kurir tukang hansip rt
rw kadus kaling peratin keuchik penghulu imam ustad ustadz kyai kiai haji pendeta pastor pengurus panitia pemerintah
pemda pemkot pemkab pemprov dinas badan kantor kementerian negara kabupaten kota kecamatan kelurahan desa pekon tiyuh
kampung dusun provinsi lampung indonesia pt cv ud koperasi yayasan kelompok forum himpunan aliansi serikat ikatan
paguyuban karang taruna warga masyarakat rakyat umat keluarga orang orangtua seluruh semua segenap bapak ibu pak bu
bapakibu saudara saudari kakak mas mbak kami saya sendiri beliau tersebut itu ini siapa siapapun tuhan allah agama
hukum keadilan pembangunan kepentingan kemanusiaan demokrasi toko warung perusahaan sekolah sd smp sma smk universitas
puskesmas rumah rs rsud posyandu perumahan pabrik bank pdam pln telkom pertamina bulog negeri hamil menyusui
rumahtangga tangga pertiwi kandung tiri angkat mertua kost kos korban pelapor terlapor pemilik penjual pembeli
pedagang petani nelayan buruh peserta penerima pemohon pasien siswa siswi mahasiswa santri anak senin selasa rabu
kamis jumat jum'at sabtu minggu januari februari maret april mei juni juli agustus september oktober november desember
lalu jalan jl gang gg tidak belum sudah telah akan sedang tetap selalu sering kok kenapa muncul hapus coret catut
daftar tercantum terdaftar terdata dicoret dicatut dihapus dipakai dipalsu dipalsukan disalahgunakan hilang masuk
keluar salah keliru beda double ganda kosong blacklist nik ktp kk nomor nama lengkap jelas sesuai alamat umur usia
asal dari yang dan di ke tapi tetapi karena supaya agar mohon tolong minta ingin mau bisa ada yth terhormat sekalian
setempat sekitar dusun blok bos boss ojek parkir jukir tani pengawas kontraktor mandor assalamualaikum selamat terima
kasih terimakasih salam semoga kapan bagaimana gimana apa apakah mana dimana siapa nya
"""
_NO_NAMES = frozenset(_TITLES.split())
_MEANINGS = frozenset((*SHORT_FORMS.values(), *LOCAL_WORDS.values()))
_VERBAL = ("di", "ter", "ber", "meng", "men", "mem", "peng", "ke", "se", "per")


def is_given(word: str, capital: bool) -> bool:
    """Whether a word is a common given name; with a capital also one that is an everyday word besides."""
    plain = word.lower()
    return plain in _GIVEN_NAMES or (capital and plain in _WITH_CAPITAL)


@lru_cache(maxsize=16384)
def is_ordinary(word: str) -> bool:
    """Whether a word is surely no private name: a title, a word of Indonesian or of chat, a verb by its prefix."""
    plain = word.lower()
    if plain in _NO_NAMES or plain in SHORT_FORMS or plain in LOCAL_WORDS:
        return True
    verbal = len(plain) > 6 and plain.startswith(_VERBAL)
    return verbal or any(code in ("id", "en") for code, _ in says(plain)) or plain in _MEANINGS
