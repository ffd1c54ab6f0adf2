"""Our own small dictionary of how people shorten Indonesian words when they write in a hurry.

Every entry was written down for this project from everyday usage; no published word list was copied.
Keys and values are single lower-case words, so that a normalised text keeps one token for each written word.
"""

from collections.abc import Mapping

# where something is
_PLACES = """
jalan: jl jln jlan jaln jlnan jalanan jalannya; gang: gg gng; kecamatan: kec kcmtn kecamtan; kabupaten: kab kbptn
kabupatn; kelurahan: kel klrhn; desa: ds dsa; kampung: kp kmp kampong kmpng; dusun: dsn; provinsi: prov propinsi prop;
simpang: sp simp spg; perumahan: perum prmhn; komplek: kompleks kompl komp; lampung: lpg lmpg; nomor: no nmr nomer
"""
# people and offices
_PEOPLE = """
bapak: bpk bp pak bpak; ibu: bu; saudara: sdr; pemerintah: pmrnth pemrintah pemerinta; masyarakat: masy msyrkt
masyarkat; sekolah: skolah skul sklh; rumah: rmh; rumahsakit: rumkit; puskesmas: pkm puskes puskesms; ambulans:
ambulan ambulance; polisi: pol polis; petugas: ptgs ptugas; karyawan: krywn
"""
# small words
_SMALL = """
yang: yg yng; dengan: dgn dg dngn; untuk: utk u untk; dari: dr dri; pada: pd; dan: n; dalam: dlm; kepada: kpd kpda;
karena: krn karna krna; sampai: smp2 smpai sampe ampe nyampe; tidak: tdk tak gak ga gk nggak enggak ngga g kagak kaga
ndak ora tdak gx; belum: blm blum belom blom; sudah: sdh udah udh dah uda sdah; sedang: sdg lg; saja: aja sj aj; juga:
jg jga; banyak: byk bnyk bnyak; sekali: skali bgt banget bngt; sangat: sgt sngat; bagaimana: gmn gimana bgmn gmana
gimna; kenapa: knp knapa napa; mengapa: mngapa; kapan: kpn; dimana: dmn dmna; apakah: apkh; mohon: mhn mohn moon;
tolong: tlg tlong tlng tulung; minta: mnta mntk; terima: trima; kasih: ksh ksih; terimakasih: makasih trims thx tks
mksh trimakasih; informasi: info infonya inpo; bantuan: bantuanya bntuan; segera: sgra sgera; setiap: tiap stiap tp2;
hari: hr; tahun: thn th; bulan: bln; tanggal: tgl; orang: org orng; anak: ank; lewat: lwt; kalau: klo kalo klu kl;
tetapi: tp tapi tpi; sama: sm; bisa: bs bsa; harus: hrs; masih: msh msih; mau: mo; atau: ato; seperti: spt kyk kayak
sprti; tentang: ttg; perihal: prihal
"""
# things that go wrong
_WRONG = """
rusak: rsk rusk rusaknya; parah: prh; berlubang: berlobang bolong bolongbolong berlubanglubang; lubang: lobang
lubangnya; lampu: lmpu; macet: mcet; sampah: smpah sampahnya; banjir: bnjir bajir kebanjiran; listrik: lstrik; surat:
srt; kartu: krtu; pelayanan: plynn layanan pelayananya; pungli: pungly; pembangunan: pmbangunan; perbaikan:
perbaikanya
"""
# more of everyday chat
_CHAT = """
saya: sy sya gw gua gue gwe guwe ane aq aku akuh q ak sayah; kamu: lo lu loe elo elu ente kmu; kalian: klian klen
kelen; mereka: mrk mreka; kami: kmi kamii; kita: kta qta; dia: doi dy; ini: ni nih; itu: tu tuh; begini: gini bgini
begene; begitu: gitu gtu bgitu begono gt; apa: ap apaan ape apah paan; siapa: siape sapa; mana: mn; kemana: kmn kmana;
berapa: brp brapa brpa; memang: emang mmg mmang emg; sering: srg sring; selalu: sll slalu sllu; kadang: kdg kdang;
pernah: prnh pernh; hanya: hny hanyalah; cuma: cman cmn cuman; lebih: lbh lbih; kurang: krg krang; paling: plg; semua:
smua smw semuah smwa; beberapa: bbrp bbrapa; sedikit: dikit sdikit dkit; besar: bsr bsar; kecil: kcl kcil; lama: lm;
baru: br bru; bagus: bgs bgus bgz; baik: baek; buruk: brk; jelek: jlek jlk; benar: bener bnr bnar bner; salah: slh
slah; cepat: cpt cepet cpet; lambat: lmbt lelet lemot lmbat; dekat: dkt deket dket; jauh: jauuh jaoh; depan: dpn dpan;
belakang: blkg blkng blakang; samping: smpg sampng; sebelah: sblh sblah; atas: ats; bawah: bwh bwah; luar: luwar;
tengah: tgh tngah; kiri: kri; kanan: knan; antara: antr; sekitar: sktr skitar sekiter; sini: sni; disini: dsini dsni;
disana: dsana dsna; sekarang: skrg skg skrng skarang skr; kemarin: kmrn kmaren kemaren kmrin; besok: bsk bsok; nanti:
ntr nti ntar entar nnti; tadi: td tdi; pagi: pgi; siang: siank; malam: mlm malem mlem; minggu: mgg mggu mingg; jam:
jm; menit: mnt mnit; dulu: dlu dl duluan; setelah: stlh stelah; sebelum: sblm sblum sebelom; sejak: sjk sjak; selama:
slma slama; akhirnya: akhrnya akhirny; lagi: lgi agi lage; terus: trs trus tros; langsung: lgsg lgsung lsg lngsng
langsng; mungkin: mgkn mngkn mgkin mungkn; pasti: psti pst; jangan: jgn jngn jgan jngan; bukan: bkn bukn bkan; boleh:
blh bole; perlu: prlu perlo; ingin: pengen pgn pengin pingin kepengen ingn pngn; coba: cb cba; supaya: spy spya; agar:
agr; biar: biyar ben; oleh: olh; sebagai: sbg sbgai sbagai; adalah: adlh adlah; ada: ad adaa; tanpa: tnpa tnp; hingga:
hngga hgg; bahwa: bhw bhwa; sebab: sbb sebap; padahal: pdhl pdahal padhl pdhal; walaupun: wlpn wlaupun walopun;
meskipun: mskpn meski; jika: jk; ketika: ktika; masa: mosok masya; malah: mlah malahan mlh; justru: jstru; cukup: ckp
cukp; hampir: hmpir ampir hmpr; percuma: prcuma; katanya: ktny ktnya katany; kata: kt; bilang: blg blang blng ngmng
ngomog; bicara: bcara; tanya: tny nanya nanyak; jawab: jwb jwab; balas: bls bales; respon: respons respond rspn
response; lihat: liat lht ngeliat liyat; dengar: denger dngr dngar; dapat: dpt dapet dpet dpat; kasihan: kasian ksian
kasihaan; pakai: pake pke make; ambil: ambl ngambil; bawa: bwa bw; beli: bli; jual: jwal; bayar: byr byar bayr; bikin:
bkin; kerja: krja krj; tinggal: tggl tinggl; masuk: msk msuk masup; keluar: klr kluar kluwar; pulang: plng pulg;
pergi: prgi pergih; datang: dtg dtng dateng datng; sampai: nyampai sampek smpe samp; tunggu: tggu nunggu nungguin
tnggu; lapor: lpr lapr; laporan: lprn lporan; pengaduan: pngaduan; keluhan: klhn kluhan; tanggapan: tnggapan tggapan;
tindak: tndak; periksa: cek chek ngecek dicheck priksa; perhatian: prhatian perhatiannya; perhatikan: perhatiin
prhatikan; kecewa: kcewa kecwa; marah: mrah; takut: tkt takot; bahaya: bhya bahya; malas: males mls; kesal: kesel
ksel; capek: cape capekk; susah: ssh susa; gampang: gmpg gmpang; mahal: mhl mhal; murah: murh; gratis: grts gretong;
hilang: ilang hlng; hidup: idup hdp; habis: hbs hbis abiss abis; hujan: hjan ujyan; hitam: htam; bersih: brsih bersi;
kotor: kotr ktor; gelap: glap gelp; padam: pdm; hancur: ancur hncur ancurr; retak: rtak; bocor: bcor; mampet: mampat
mmpet; becek: bcek; licin: lcin; longsor: lngsor; tumbang: tmbang; roboh: rboh robo rubuh; ambruk: ambrk ambrol;
kebakaran: kbakaran kebakarn; kecelakaan: kclakaan kecelakan laka; genangan: gnangan; selokan: slokan slkan; saluran:
slran; jembatan: jmbtn jmbatan jembtan; trotoar: trotoir trotoarnya; aspal: asfal aspall; sungai: sngai sugai; pasar:
psr psar; parkir: parkiran prkir parkr; kendaraan: kndraan kendaran kendraan; motor: mtr motr; mobil: mbl mobl; truk:
truck; sopir: supir spir; angkutan: angktan; bensin: bensn; warga: wrga wrg; rakyat: rkyat rakyt ryat; keluarga: klrga
kluarga keluarg; tetangga: ttngga tetanga ttgga; teman: temen tmn tmen; istri: istr bini; suami: swami; anaknya:
anakny; perempuan: prempuan cewek cewe; lelaki: laki cowok cowo; kepala: kpl kpla; dinas: dns dinass; kantor: ktr
kntor kntr; pegawai: pgwai peg pgw; pejabat: pjbt pejbat; pelayan: plyan; camat: cmat; bupati: bpti bupatii; gubernur:
gub gubernr gubenur; walikota: walkot wako; presiden: pres presdn; menteri: mentri mntri; kementerian: kementrian
kemen; anggaran: anggran angaran; bantuan: bantuann bntwn; beasiswa: beasisw; siswa: sswa; guru: gru; dokter: dktr
doktr dok; perawat: prawat suster; pasien: psien pasen; obat: obt; rumahsakit: rumkitt rsnya; kesehatan: kshtn
keshatan; pendidikan: pnddkn pndidikan; administrasi: adm administrsi; pendaftaran: pndaftaran; persyaratan:
prsyaratan; fotokopi: fotocopy potokopi fc fotocopi; dokumen: dokmen; nomor: nmer nomr; telepon: telp tlp tlpn telpon
tilpun telfon tlpon; whatsapp: wa whatsap watsap wasap; internet: inet intrnet; aplikasi: apk apps aplksi; sinyal:
signal snyal; gaji: gji; honor: hnor; uang: duit duid uwang doku; ribu: rb rebu rbu; juta: jt jeti jta; miliar: milyar
milyard; triliun: trilyun; harga: hrg hrga; pupuk: ppk pupok; tabung: tbung; sembako: smbako; izin: ijin izn; hormat:
hrmt; selamat: slmt slamat met; maaf: maap mf sori sorry mav; salam: slm; assalamualaikum: asalamualaikum assalamu
assalamualaikm asslm aslm asswrwb samlekum assalamualikum; waalaikumsalam: walaikumsalam waalaikumussalam wslm;
min: mimin atmin admiin; kakak: kka kak; abang: bang bg bng; adik: adek dek dik; iya: ya y iy yaa yoi yup; oke: ok
okay okey okee; sip: siip; semoga: smga smoga moga smg; alhamdulillah: alhamdulilah alhmdllh hamdalah; insyaallah:
inshaallah insyaalloh; foto: poto photo pict; video: vidio pidio; viral: vyral piral; kontol: kntl kontl; anjing: anjg
ajg anjir anjay anjrit njing anjeng asyu anying; bangsat: bgst bngst bangst; goblok: gblk goblog gblok goblk; tolol:
tlol tll; bodoh: bdh bego bodo; brengsek: brengsk brengset; tahi: tai taik; oknum: oknm; korupsi: korup krupsi korups;
sogok: sogokan nyogok; preman: prman; ngaco: ngawur; gelandangan: gepeng; tetap: ttp tetep ttep; percaya: prcaya
percya; proses: prses proces; program: progam progrm; proyek: projek proyk; pekerja: pkerja; pembayaran: pmbayaran;
pemadaman: pmadaman; jadwal: jdwl jadwl; lingkungan: lngkungan lingk; penerangan: pnerangan; keamanan: kmanan;
kebersihan: kbersihan; kesejahteraan: ksejahteraan; pertanian: prtanian; perikanan: prikanan; tanaman: tnaman; petani:
ptani; nelayan: nlayan; pedagang: pdagang; penduduk: pnduduk; kelahiran: klahiran; kematian: kmatian; pernikahan:
prnikahan; penumpang: pnumpang; pelabuhan: plabuhan; terminal: trminal; stasiun: stasion; gunung: gnung; pantai: pante
pnati; hutan: htan; kebun: kbun; tanah: tnah tnh; pohon: pohn phn; batang: btang; tiang: tiank; kabel: kbel cable;
meteran: metran; tagihan: tgihan tghn; rekening: rek rekning norek
"""


def spread(listed: str) -> dict[str, str]:
    """Turn "word: its short forms; ..." into one look-up from short form to word."""
    found: dict[str, str] = {}
    for group in listed.split(";"):
        word, _, shorts = group.partition(":")
        found |= dict.fromkeys(shorts.split(), word.strip())
    return found


SHORT_FORMS: Mapping[str, str] = {
    short: word for listed in (_PLACES, _PEOPLE, _SMALL, _WRONG, _CHAT) for short, word in spread(listed).items()
}
