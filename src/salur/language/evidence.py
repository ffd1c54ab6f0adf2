"""Words that tell the languages apart: small words and endings that one language has and its neighbours have not.

Written down for this project. Words of `tongues.py` count too; words that several of the languages share are left out.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from salur.language.tongues import JAVANESE, LAMPUNG, SUNDANESE
from salur.language.words import SHORT_FORMS

_INDONESIAN = """
yang tidak dan dari dengan untuk pada sudah belum ini itu adalah akan juga karena oleh saya kami kita mereka dia kamu
anda bisa dapat ada tetapi atau jika kalau sangat sekali lebih banyak sedikit besar kecil baru lama bagus baik buruk
jelek benar salah bagaimana kenapa mengapa apakah siapa kapan dimana berapa mana seperti sampai sejak setelah sebelum
ketika saat waktu hari malam pagi siang sore tahun bulan minggu kemarin besok sekarang nanti tadi lagi terus selalu
sering pernah masih hanya cuma saja semua setiap para orang anak ibu bapak warga masyarakat pemerintah rumah jalan air
lampu sampah sekolah rusak tolong mohon minta terima kasih terimakasih selamat segera jangan bukan harus perlu ingin
mau coba supaya agar biar bahwa sebab padahal walaupun meskipun maka namun sehingga dalam luar atas bawah depan
belakang samping dekat jauh antara sini sana situ disini disana begini begitu tanpa hingga maupun serta sebagai
tentang terhadap kepada bagi menjadi merupakan tersebut dilakukan diperbaiki laporan melaporkan petugas dinas kantor
kecamatan kabupaten kota provinsi desa kelurahan lubang parah berlubang macet banjir hujan mati gelap bau kotor bocor
uang bayar harga mahal murah beli jual makan minum tidur pergi datang pulang masuk keluar lihat dengar bicara bilang
tanya jawab kerja buat ambil beri bawa buang hilang hidup sakit meninggal jatuh takut marah senang sedih susah mudah
cepat lambat punya milik sendiri sama beda lain nya kok sih dong deh nih tuh kan lah gak nggak enggak ga tdk yg dgn
utk sdh udah blm jgn krn klo kalo gue gua lu banget aja gimana gini gitu emang pengen cowok cewek nomor satu dua tiga
empat lima enam tujuh delapan sembilan sepuluh ratus ribu juta restoran tempat suasana pelayanan ramah enak nyaman
makanan harganya menu kualitas pilihan cocok keluarga teman hotel kamar membeli menjual membuat melihat mendapat
mencari memberi memakai menggunakan memiliki mengatakan terjadi dijual kemana warna guna dana rencana bencana sarjana
istana kena sebagaimana hina pesona perdana sederhana laksana busana wacana pidana terpana buana nirwana merana kafe
kue oke kode metode periode rame sate tempe kacang presiden indonesia partai negara hukum korupsi wakil menteri
anggota pertama museum neutral ingat mungkin boleh datangnya rasanya rasa ramai bersih dingin panas jalanan pesan
aplikasi bagian barang seorang siswa guru dokter cara hal kali setelahnya memang paling cukup kurang hampir sebuah
suatu beberapa
"""
_ENGLISH = """
the of and to in is are was were be been being that this these those it its with for from not but have has had do does
did will would can could should may might must you your we our they their he she his her my me us them who what when
where why how which there here please help thank thanks very much more most some any all no yes or if because about
into over after before between under again then than too also just only road street water broken light school people
government report complaint days since still nobody an as at by on up out so
"""
_JAVANESE = """
ana ora nek lan sing wae kok tenan banget iku iki kuwi ing ning neng nang kae mau dina panganan panganane enak regane
rasane panggonan panggonane papan omahe dalane sakwise sawise sadurunge uga utawa nganggo kanthi ewu yuta tuku dodol
dhewe dewe karepe ngene ngono mengkono mangkono yaiku yo ya opo aku awakku kowe kon mbak mas lek pakdhe budhe banyune
udane bocahe wonge durung wis wes arep bakal mesthi mesti kudu ra gak dadi ndadekake marakake nyenengake apike regeng
rame murah larang akehe saking kanggo nalika naliko nalikane banjur terus bubar jarene jare jebule rumangsa krasa
krasan seneng susah gampang angel apik elek ayu bagus kurang luwih paling dhisik disik keri pisan sepisan ping pindho
papat lima enem pitu wolu sanga sepuluh rolas selawe seket sewidak sewu pirang pirangpirang mangga sugeng enjing
siyang sonten ndalu rawuh pinarak tindak kondur nggih inggih mboten menika punika kados nopo anggone amarga jalaran
supaya ben men mbokmenawa kadang kala asring kerep tansah lagek lagi nembe saweg sik isih mlaku mlebu metu munggah
mudhun ngadeg lungguh lunga ngendika ngomong crita takon weruh ngerti mangerteni krungu nggolek golek entuk oleh olih
njaluk ngongkon kongkon nulung mbantu nggawa gawa digawa digawe dituku didol nyang budal nduwe duwe nduweni piro cedek
ngetokake ngetokne anyare sakabehe sakjane sejatine ndelok nonton kabar kabare mung mligi cah arek konco kanca kancane
dolan tumindak panjenengane ngandhani ngabari mbayar mbukak nutup ditutup nemen puol poll mbiyen mengkone dadine
mergane
"""
_SUNDANESE = """
teh mah atuh euy tea ge nya nu anu ti ka kana dina tina ku jeung sareng keur pikeun urang abdi kuring aya euweuh teu
henteu moal ulah tong entong bade rek arek nuju geus atos tos parantos can acan encan naon saha kumaha iraha dimana
kunaon naha sabaraha ieu eta ditu dieu kitu kieu loba seueur saeutik gede ageung leutik alit alus saé goreng anyar
heubeul lila pisan teuing oge wae bae weh deui unggal sadaya kabeh ngan ngarah supaya sangkan sabab kusabab lantaran
lamun mun upami sanajan tapi nanging atawa atanapi nepi dugi tepi ayeuna kamari engke enjing isukan peuting poe dinten
taun sasih bulan tempat tempatna hargana rasana tuangeun tuangeunna kadaharan kadaharanana inuman raos ngeunah mirah
murah mahal awis sae resep bungah sedih hariwang sieun ambek hese gampil gampang babari dahar tuang nginum leumpang
lumpat indit mios angkat mulih balik uih sumping datang dongkap meuli meser ngical ngajual mayar masihan mere nyandak
nyokot ningali nempo ngadenge nguping nyarios nyarita ngomong nanya naros damel gawe digawe kedah kudu tiasa bisa
hayang hoyong daek embung alim terang nyaho apal emut hilap poho leres bener salah lalaki awewe budak barudak jalmi
jalma jelema sunda nyaeta nyaéta sahiji hiji dua tilu opat lima genep tujuh dalapan salapan sapuluh ratus rebu mung
sanes lain teuteup angger masih keneh enya muhun sumuhun sok wios keun cing hayu mangga punten nuhun hatur akang teteh
aa neng ujang bapa mamah dulur baraya kalayan dupina bari boga akhirna samentawis teras pamilihan bakal sapertos
ngeunaan kacida saurna cenah cekeng pangabutuh kabutuhan kagungan gaduh mimitina ahirna lajeng tuluy terus bet da mani
meureun panginten kintun ngintun dikintun nganggo make maos sateuacan saatos saparantos sanggeus salami waktos jalanna
masarakat pamarentah
"""
_LAMPUNG = """
nyak niku ikam sikam kham gham puskam pusikam metei kuti keti tian mawat makwat mak makkung radu haga dacok sai nyo
api sapa dipa kedo inji hinji sija sinji ina hina sina jak anjak jo jeno mit haguk adok delom dilom lamon nayah nihan
temon wat injuk gegoh ganta tano jemoh bingi dibingi dawah unyin sunyin cutik balak lunik wawai sikop jahel rang
ranglaya lamban nuwo nuwow way wai pekon tiyuh muli mekhanai meranai mengan nganik pedom lapah mulang ratong ngakuk
ngeni ngenjuk liyak ngeliyak ngeliak cawa ngicik gawi begawi ulehne ulah ulihni ngalimpura tabik pun bebai bakas tuha
ngura kahwa terai khua khabai khatong ghik rik jama jamou dang
"""
# Indonesian words (or names, or chat) that other lists hold too: they speak for none.
_SHARED = """
mau ya aku mas mbak bagus kurang paling lima enem rame enak murah susah seneng terus supaya mesti kadang kala lagi
oleh tindak gampang crita mangga dimana tong ulah goreng lila tapi tempat bulan mahal sedih tuang balik datang gawe
bisa terang bener salah dua tujuh ratus masih lain neng balak api sapa hina ina way pun dang rang mit jak jo anyar wae
gede ageung alit ngomong enjing dinten taun angkat bakal papan pedom tuha bapa mamah sok kok gak papat sepuluh larang
awis angel nang men ping ge nanya akang alim mulih mere tepi nya lamon nganggo make da bet bosen lajeng
"""
_LIKELY = 0.5
# Endings and sounds, where the word is in no list.
_SHAPES: tuple[tuple[str, re.Pattern[str], float], ...] = (
    ("id", re.compile(r"(?:me[mnr]?|ber|per|ter|di|ke|se)[a-z]{3,}(?:kan|an|i)|[a-z]{3,}nya"), _LIKELY),
    (
        "jv",
        re.compile(r"[a-z]{3,}(?:ake|ane|[aiou]ne|ipun|[bdgklmnrst]e)|(?:mb|nd|nj|ngg|dh|th|mbl|ndh)[aeiou][a-z]+"),
        _LIKELY,
    ),
    ("su", re.compile(r"[a-z]*(?:[bcdghjklmnprstwy]|ny|ng)eu[a-z]*|[a-z]{3,}(?:keun|eun|ana|[a-z]na)"), _LIKELY),
    ("ljp", re.compile(r"(?:kh|gh)[aeiou][a-z]+|[a-z]+(?:kh|gh)[aeiou][a-z]*"), _LIKELY),
    ("en", re.compile(r"[a-z]{2,}(?:tion|ing|ment|ness|able|ly|ed)"), _LIKELY),
)


def _listed() -> dict[str, tuple[tuple[str, float], ...]]:
    """Each word of the lists with what it says; a word of Indonesian and another language says nothing."""
    lists = {
        "jv": {*_JAVANESE.split(), *JAVANESE},
        "su": {*_SUNDANESE.split(), *SUNDANESE},
        "ljp": {*_LAMPUNG.split(), *LAMPUNG},
        "en": set(_ENGLISH.split()),
        "id": set(_INDONESIAN.split()),
    }
    shared = set(_SHARED.split())
    found: dict[str, tuple[tuple[str, float], ...]] = {}
    for word in sorted(set().union(*lists.values())):
        codes = [code for code, words in lists.items() if word in words]
        silent = word in shared or ("id" in codes and len(codes) > 1)
        found[word] = () if silent else tuple((code, 1 / len(codes)) for code in codes)
    return found


_LISTED: Mapping[str, tuple[tuple[str, float], ...]] = _listed()


@lru_cache(maxsize=32768)
def says(word: str) -> tuple[tuple[str, float], ...]:
    """What one plain lower-case word says: pairs of language code and weight, 1 for a sure word, less for an ending."""
    known = _LISTED.get(word)
    if known is not None:
        return known
    meant = SHORT_FORMS.get(word)
    if meant is not None:
        return _LISTED.get(meant, (("id", _LIKELY),))
    return tuple((code, weight) for code, shape, weight in _SHAPES if shape.fullmatch(word))
