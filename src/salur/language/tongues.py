"""Javanese, Sundanese and Lampung words that citizens mix into Indonesian, with what they mean in Indonesian.

Written down for this project from everyday usage; no published word list was copied. Words that are also Indonesian
("kali", "goreng", "lamban", "api"), a name or part of a place name of Lampung ("anyar", "enggal", "way") are not here:
they stay as they are. Words that only help to know the language stand in `evidence.py`.
"""

from collections.abc import Mapping

from salur.language.words import spread

_JAVANESE = """
ini: iki niki; itu: iku kuwi kui niku kae; yang: sing ingkang; dengan: karo kalih kaliyan; dan: ugi; sudah: wis wes
sampun mpun uwis uwes; belum: durung dereng; akan: arep badhe meh; tidak: mboten boten dudu sanes; bagaimana: piye
kepiye pripun kadospundi; apa: opo nopo menapa punapa; siapa: sopo sinten; kenapa: ngopo kenopo kenging; mana: endi
pundi; dimana: ngendi nendi; sini: kene mriki rene; sana: kono mriko rono; situ: kunu; saya: kulo kula; kamu: kowe koe
kon; anda: sampeyan panjenengan njenengan; dia: deweke dheweke deknen piyambake; orang: wong tiyang; anak: bocah lare;
kita: kito; semua: kabeh sedaya sedoyo; banyak: akeh kathah katah okeh; sedikit: sithik sitik sakedhik; besar: gedhe
ageng guede; kecil: cilik alit; bagus: apik sae; jelek: elek; lama: suwe dangu; sekarang: saiki sakniki sakmeniko;
besok: sesuk mbenjang; kemarin: wingi kolowingi; nanti: mengko mangke engko; malam: bengi wengi ndalu; pagi: esuk
enjing isuk; hari: dinten; tahun: taun; ada: wonten eneng enten; di: ning ing; dari: seko saking; ke: menyang; untuk:
kanggo kangge; kalau: nek yen menawi; karena: amarga amargi mergo merga goro; sampai: nganti ngantos; seperti: koyo
kados koyok; tetapi: nanging ananging; saja: wae mawon ae; juga: ugo; lagi: maneh malih; setiap: saben; hanya: mung
namung; memang: pancen; mungkin: mbokmenawi; masih: isih tasih; harus: kudu kedah; boleh: angsal; bisa: saged biso;
mau: gelem purun; minta: njaluk nyuwun jaluk; tolong: tulungi; terimakasih: suwun matursuwun maturnuwun nuwun; maaf:
ngapunten ngapuro nyuwunsewu sepurane sepuntene; permisi: nuwunsewu; jalan: dalan ndalan ndalane; rumah: omah griyo;
air: banyu toyo; hujan: udan jawah; pohon: wit uwit; sungai: kalen; jembatan: kreteg brug; lubang: jeglongan jeglong
luwang; debu: bledug bleduk bledhug lebu; licin: lunyu; gelap: peteng; terang: padhang; bau: mambu mambune; busuk:
bosok badheg; kotor: reged; sampah: uwuh larahan; kayu: kajeng; api: geni; kebakaran: kobongan kobong; banjir:
banjire; beras: uwos; nasi: sego sekul; ikan: iwak; ayam: pitik; kambing: wedus wedhus; kerbau: kebo; pupuk: rabuk;
pasar: peken; uang: dhuwit dhit arto; harga: regane rego regi; mahal: awis; bayar: mbayar mbayare; beli: tuku tumbas;
jual: adol sade; makan: mangan nedha maem; minum: ngombe ngunjuk; tidur: turu sare; pergi: lunga lungo budhal; pulang:
mulih muleh wangsul; datang: dugi; lihat: ndelok delok mirsani ndelengi; dengar: krungu; bicara: ngomongi matur;
bilang: kondo ngomong; bertanya: takon takok; kerja: nyambut gawe megawe; buat: nggawe damel; ambil: njupuk jupuk;
beri: menehi wenehi diwenehi; diberi: diwehi disukani; buang: mbuang guwak guwang; perbaiki: ndandani ndandakno;
diperbaiki: didandani didandane dibenakno; dibangun: dibangune; jatuh: tibo ceblok; sakit: loro gerah lara; mati:
modar; meninggal: sedo; hilang: ical; rusak: bubrah; takut: wedi ajrih; marah: nesu muring; susah: ngelu; lapar: luwe
ngelih; panas: benter; dingin: adem atis; haus: ngelak; pintar: pinter; bodoh: pekok; bohong: ngapusi mblituk; benar:
tenan leres temenan; tetangga: tonggo tanggi; saudara: sedulur; perempuan: wedok estri; lelaki: lanang; ibu: mbok
biyung simbok; bapak: pakdhe; kakak: kangmas mbakyu; bayi: bayek; tua: tuwo; muda: enom; guru: nguru; sekolah:
sekolahan sekolahe; masjid: mejid; depan: ngarep ngajeng; belakang: mburi wingking; samping: pinggire; atas: nduwur
dhuwur nginggil; bawah: ngisor ngandhap; dalam: njero jero lebet; luar: njobo; tengah: tengahe; dekat: cedhak cedak;
jauh: adoh tebih; satu: siji setunggal; tiga: telu tigo; empat: papat sekawan; lima: limo gangsal; sepuluh: sedoso;
bersama: bareng; segera: gek ndang ndangan; ayo: monggo; kurang: kirang; lebih: luwih langkung; cuma: mek; mulai:
wiwit; sering: kerep asring; dulu: biyen rumiyin mbiyen; warga: wargane; desa: ndeso
"""

_SUNDANESE = """
ini: ieu; itu: eta; dengan: jeung sareng; sudah: geus parantos enggeus ges; belum: acan tacan teuacan; tidak: henteu
teu moal teuing; bukan: sanes; jangan: entong; bagaimana: kumaha; apa: naon; siapa: saha; kenapa: kunaon naha; kapan:
iraha; berapa: sabaraha; sini: dieu kadieu; sana: ditu kaditu; disini: didieu; begini: kieu; begitu: kitu; saya:
abdina simkuring; kamu: maneh silaing; anda: anjeun; dia: manehna anjeunna; mereka: maranehna aranjeunna; orang: jalmi
jelema jalma; anak: murangkalih barudak; semua: sadaya sadayana kabehanana sakabeh; banyak: seueur; sedikit: saeutik
sakedik; besar: ageung; kecil: leutik; bagus: alus; jelek: awon butut; lama: lami; sekali: pisan; sekarang: ayeuna
kiwari; besok: isukan; kemarin: kamari kamarina; nanti: engke; malam: peuting; siang: beurang; sore: sonten; hari:
poe; bulan: sasih; ada: aya; ke: kana; untuk: pikeun keur; kalau: lamun upami mun upama; karena: kusabab lantaran
alatan; sampai: nepi; seperti: siga sapertos kawas jiga; saja: bae weh; juga: oge; lagi: deui; setiap: unggal; masih:
keneh; bisa: tiasa; mau: hayang hoyong daek; minta: menta nyuhunkeun nyungkeun; terimakasih: nuhun haturnuhun; maaf:
hapunten punten; rumah: imah rorompok; air: cai; sungai: walungan; jembatan: sasak; selokan: solokan; lubang: logak;
licin: leueur; gelap: poek; terang: caang; banjir: caah; sampah: runtah; bau: hangseur; kotor: rujit; rusak: ruksak
rarusak; hancur: ajur; roboh: rugrug; longsor: urug; tanah: taneuh; pohon: tangkal; kambing: embe;
kerbau: munding; makan: dahar emam; minum: nginum; tidur: kulem mondok; pergi: indit; pulang: uih; datang: sumping
dongkap; lihat: ningali nempo tingali; melihat: ningal; dengar: ngadenge nguping; bicara: nyarios nyarita; bilang:
ceuk saur ceunah; bertanya: naros; kerja: digawe didamel; buat: nyieun ngadamel; ambil: nyokot nyandak; beri: mere
masihan mikeun; beli: meuli meser; jual: ngajual ngical; bayar: mayar; buang: miceun; dibuang: dipiceun; perbaiki:
ngabenerkeun ngalereskeun ngomean; diperbaiki: dibenerkeun dilereskeun diomean; dibangun: diwangun; jatuh: ragrag;
sakit: teudamang; meninggal: maot ngantunkeun; hilang: leungit; takut: sieun; marah: ambek bendu; susah: hese; capek:
cangkeul; panas: hareudang; dingin: tiis tiris; bohong: ngabohong; benar: leres; tetangga: tatangga; saudara:
dulur baraya; perempuan: awewe; lelaki: lalaki pameget; ibu: mamah; bapak: bapa; warga: wargi; sekolah: sakola
sakolaan; depan: hareup payuneun hareupeun; belakang: pengker tukangeun; samping: gigireun; bawah: handap; dalam:
lebeteun; luar: luareun; tengah: tengaheun; dekat: deukeut caket; satu: hiji; tiga: tilu; empat: opat; sepuluh:
sapuluh; segera: geura; mulai: ngawitan; pernah: kantos; sering: mindeng; dulu: baheula kapungkur; mari: hayu; lebih:
leuwih; biar: supados sangkan
"""

_LAMPUNG = """
saya: nyak sikam ikam nyakku; kamu: pusikam puskam; kalian: kuti keti metei; mereka: tian tiyan; kita: gham; tidak:
mawat makwat mawek; belum: makkung makung mangkung; sudah: radu ghadu; mau: hagha; bisa: dacok dapok; yang: sai; apa:
nyo nyow; dimana: dipa dija; ini: inji hinji sinji sijo hijo; itu: hino; dari: anjak; ke: haguk adok; dalam: delom
dilom; banyak: nayah lamon; sekali: nihan temon; ada: wat wattu; seperti: injuk gegoh ghegoh; sekarang: ganta tano
tanno; besok: jemoh jemmoh; tadi: jeno jino; malam: bingi debingi dibingi; siang: dawah; semua: unyin unyen sunyinni;
sedikit: cutik cuttik; bagus: wawai; jelek: jahel jahal; gelap: kelom kelam; dingin: ngisen; hujan: terai tehai;
jalan: ranglaya ghanglaya rangraya; rumah: nuwow; kopi: kahwa; ikan: iwa; orang: jimo; perempuan: bebai; makan: mengan
nganik; tidur: pedom; pergi: mit lapah; pulang: muloh; datang: ratong ratang ghatong; ambil: ngakuk; beri: ngeni
ngenjuk; lihat: ngeliyak ngeliak; bilang: cawa cawani; bicara: ngicik; kerja: gawi; karena: ulehne ulihni; maaf:
ngalimpura ngalimpukha; kenapa: mengapi; bagaimana: kedou; lama: tahlau; dekat: redik ghedik; jauh: jawoh; takut:
rabai ghabai
"""


JAVANESE: Mapping[str, str] = spread(_JAVANESE)
SUNDANESE: Mapping[str, str] = spread(_SUNDANESE)
LAMPUNG: Mapping[str, str] = spread(_LAMPUNG)
# One table for reading: where two languages share a word, the one with more speakers in Lampung goes first.
LOCAL_WORDS: Mapping[str, str] = {**LAMPUNG, **SUNDANESE, **JAVANESE}
