// One newcomer playing a citizen. Everything shown is put in as text, never as markup.
"use strict";
const $ = (id) => document.getElementById(id);
const LABELS = { facebook: "Facebook", instagram: "Instagram", whatsapp: "WhatsApp", threads: "Threads", x: "X", tiktok: "TikTok", youtube: "YouTube", telegram: "Telegram" };
const STATUS = { sent: "terkirim", delivered: "sampai", read: "dibaca", failed: "gagal" };

function make(tag, text, cls) {
  const node = document.createElement(tag);
  if (text) node.textContent = text;
  if (cls) node.className = cls;
  return node;
}
async function look(name, query) {
  const answer = await fetch(`/_control/${name}?${new URLSearchParams(query || {})}`);
  if (!answer.ok) throw new Error((await answer.json()).error);
  return answer.json();
}
async function act(name, body) {
  const answer = await fetch(`/_control/${name}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error((await answer.json()).error);
  return answer.json();
}
const clock = (at) => new Date(at * 1000).toLocaleString("id-ID", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const initials = (name) => name.split(" ").map((word) => word[0]).slice(0, 2).join("").toUpperCase();

async function home() {
  const accounts = await look("accounts");
  $("empty").hidden = accounts.length > 0;
  for (const one of accounts) {
    const link = make("a");
    link.href = `/main/${encodeURIComponent(one.key)}`;
    const text = make("span");
    text.append(make("strong", LABELS[one.platform] || one.platform), make("small", one.name));
    link.append(make("span", (LABELS[one.platform] || one.platform)[0], "sign"), text);
    const item = make("li");
    item.append(link);
    $("accounts").append(item);
  }
}

const DATA = {
  id: "Nomor akun", handle: "Nama pengguna", token: "Token akses", app_id: "App ID", app_secret: "App Secret", verify_token: "Verify token",
  hook_secret: "Kata rahasia webhook", page_id: "ID Halaman", waba_id: "ID akun WhatsApp Business", number: "Nomor telepon", client_id: "Client ID",
  client_key: "App ID", client_secret: "Client Secret / App Secret", consumer_secret: "Consumer Secret", refresh_token: "Refresh token", app_token: "Bearer token aplikasi",
};

const BY_HAND = ["facebook", "instagram", "threads"];

function accounts() {
  for (const [name, label] of Object.entries(LABELS)) $("platform").append(new Option(label, name));
  const rows = (one) => {
    const told = { ...(one.platform === "telegram" ? {} : { id: one.id }), handle: one.handle, token: one.token, ...one.more, ...one.secrets };
    const named = Object.entries(told).filter(([name]) => DATA[name]).map(([name, value]) => [DATA[name], String(value)]);
    return [["Alamat antarmuka", `${location.origin}/${one.platform}`], ...named];
  };
  function hook(one) {
    const form = make("form", "", "who");
    const input = make("input");
    input.type = "url";
    input.required = true;
    input.value = one.hook_url;
    input.setAttribute("aria-label", "Alamat webhook dari halaman akun di Salur");
    input.placeholder = "Alamat webhook dari halaman akun di Salur";
    form.append(input, make("button", one.hook_url ? "Ganti webhook" : "Pasang webhook"));
    form.addEventListener("submit", (event) => { event.preventDefault(); attempt(async () => { await act("hook", { account: one.key, url: input.value }); await draw(); }); });
    return form;
  }
  function card(one) {
    const box = make("article", "", "post");
    const link = make("a", "Bermain sebagai warga di akun ini");
    link.href = `/main/${encodeURIComponent(one.key)}`;
    const list = make("dl", "", "data");
    for (const [label, value] of rows(one)) {
      const line = make("dd");
      const copy = make("button", "Salin", "plain");
      copy.type = "button";
      copy.setAttribute("aria-label", `Salin ${label}`);
      copy.addEventListener("click", () => navigator.clipboard.writeText(value).then(() => { copy.textContent = "Tersalin"; }));
      line.append(make("code", value), copy);
      list.append(make("dt", label), line);
    }
    box.append(make("h2", `${LABELS[one.platform]} · ${one.name}`), list);
    if (BY_HAND.includes(one.platform)) box.append(hook(one));
    box.append(link);
    return box;
  }
  const draw = async () => $("accounts").replaceChildren(...(await look("accounts")).reverse().map(card));
  const attempt = (work) => work().then(() => { $("problem").hidden = true; }, (error) => { $("problem").hidden = false; $("problem").textContent = `Tidak bisa: ${error.message}`; });
  $("new").addEventListener("submit", (event) => { event.preventDefault(); attempt(async () => { await act("accounts", { platform: $("platform").value }); await draw(); }); });
  attempt(draw);
}

function play() {
  const key = decodeURIComponent(location.pathname.split("/").pop());
  let state = null, tab = "", parent = "", post = "", editing = "", shown = "";
  const me = () => $("person").value;
  const trouble = (error) => { $("problem").hidden = !error; $("problem").textContent = error ? `Tidak bisa: ${error.message}` : ""; };
  const attempt = (work) => work().then(() => trouble(null), trouble);
  const can = (what) => state.people_can.includes(what);

  function meta(said) {
    const line = make("div", "", "meta");
    const words = [clock(said.at)];
    if (said.edited) words.push("diubah");
    if (said.hidden) words.push("disembunyikan");
    if (said.ours && said.private && STATUS[said.status]) words.push(STATUS[said.status]);
    line.append(make("span", words.join(" · ")));
    if (said.removed) return line;
    if (!said.private) line.append(button("Balas", () => answer(said)));
    if (!said.ours && said.person === me()) {
      if (said.can_edit) line.append(button("Ubah", () => change(said)));
      line.append(button("Hapus", () => attempt(async () => { await act("say", { account: key, person: me(), what: "delete", id: said.id }); await refresh(); })));
    }
    return line;
  }
  function button(text, work) {
    const node = make("button", text, "plain");
    node.type = "button";
    node.addEventListener("click", work);
    return node;
  }
  function bubble(said) {
    const box = make("div", "", "bubble");
    box.append(make("b", said.ours ? state.account.name : said.name));
    if (said.removed) box.append(make("span", "Pesan ini sudah dihapus.", "gone"));
    else {
      box.append(document.createTextNode(said.text));
      for (const url of said.media) {
        const image = make("img");
        image.src = new URL(url).pathname + new URL(url).search;
        image.alt = "Foto rekaan yang dikirim warga";
        box.append(image);
      }
    }
    return box;
  }
  function branch(rows, above) {
    const list = make("ul", "", "comments");
    for (const said of rows.filter((one) => one.parent === above)) {
      const item = make("li", "", said.ours ? "ours" : "");
      item.append(bubble(said), meta(said));
      if (rows.some((one) => one.parent === said.id)) item.append(branch(rows, said.id));
      list.append(item);
    }
    return list;
  }
  function drawFeed() {
    $("feed").replaceChildren();
    const open = state.said.filter((one) => !one.private && !one.replaced);
    for (const one of state.posts) {
      const rows = open.filter((said) => said.post === one.id && said.id !== one.id);
      const own = open.find((said) => said.id === one.id);
      const card = make("article", "", one.id === post ? "post chosen" : "post");
      const head = make("div", "", "head");
      const name = make("div");
      name.append(make("strong", one.owner), make("small", clock(one.at)));
      head.append(make("span", initials(one.owner), one.foreign ? "sign person" : "sign agency"), name);
      card.append(head, make("p", own ? own.text : one.text || "(unggahan warga)"));
      if (own) card.append(meta(own));
      else card.append(button("Komentari", () => { post = one.id; parent = ""; editing = ""; prompt(`Mengomentari unggahan ${one.owner}`); drawFeed(); }));
      const known = new Set(rows.map((said) => said.id));
      const roots = rows.map((said) => (known.has(said.parent) ? said : { ...said, parent: "" }));
      if (rows.length) card.append(branch(roots, ""));
      $("feed").append(card);
    }
  }
  function drawChat() {
    $("messages").replaceChildren();
    for (const said of state.said.filter((one) => one.private && one.person === me())) {
      const item = make("li", "", said.ours ? "ours" : "");
      item.append(bubble(said), meta(said));
      $("messages").append(item);
    }
    if (!$("messages").children.length) $("messages").append(make("li", "Belum ada pesan.", "gone"));
  }
  function prompt(text) {
    $("replying").hidden = !text;
    $("replying").querySelector("span").textContent = text;
    if (text) $("text").focus();
  }
  function answer(said) { parent = said.id; post = said.post; editing = ""; prompt(`Membalas ${said.ours ? state.account.name : said.name}`); }
  function change(said) { editing = said.id; parent = ""; $("text").value = said.text; prompt("Mengubah tulisan Anda"); }

  function choose(name) {
    tab = name;
    $("tab-feed").setAttribute("aria-pressed", name === "feed");
    $("tab-chat").setAttribute("aria-pressed", name === "chat");
    $("feed").hidden = name !== "feed";
    $("chat").hidden = name !== "chat";
    $("text-label").textContent = name === "feed" ? "Tulis komentar" : "Tulis pesan";
    parent = ""; editing = ""; prompt("");
    extras();
    if (name === "chat") act("read", { account: key, person: me() }).catch(() => {});
  }
  function extras() {
    $("extra").replaceChildren();
    const add = (what, text) => { if (can(what)) $("extra").append(button(text, () => attempt(() => send(what)))); };
    if (tab === "feed") { add("mention", "Sebut akun ini"); add("visitor_post", "Unggah di halaman"); add("quote", "Kutip unggahannya"); add("group", "Tulis di grup"); }
    else { add("story_mention", "Sebut di story"); add("album", "Kirim album foto"); }
  }
  async function send(what) {
    const body = { account: key, person: me(), what, text: $("text").value.trim() };
    if (!body.text && !$("photo").checked && !["album", "story_mention"].includes(what)) throw new Error("tulisannya masih kosong");
    if (what === "group") body.text = `@${state.account.handle} ${body.text}`;
    if (editing) Object.assign(body, { what: "edit", id: editing });
    else {
      if (what === "comment" && parent) body.parent = parent;
      if (what === "comment" && post) body.post = post;
      if ($("photo").checked || what === "story_mention") body.media = ["photo"];
      if (what === "album") body.media = ["photo", "photo"];
    }
    await act("say", body);
    $("text").value = ""; $("photo").checked = false;
    parent = ""; editing = ""; prompt("");
    await refresh();
  }
  async function refresh() {
    const fresh = await look("state", { account: key });
    const text = JSON.stringify({ ...fresh, now: 0 }) + me();
    if (text === shown) return;
    const unread = tab === "chat" && fresh.said.some((one) => one.ours && one.private && one.person === me() && one.status !== "read");
    state = fresh; shown = text;
    drawFeed(); drawChat();
    if (unread) await act("read", { account: key, person: me() });
  }
  async function begin() {
    const people = await look("people");
    for (const one of people) $("person").append(new Option(one.name, one.key));
    state = await look("state", { account: key });
    document.body.dataset.platform = state.account.platform;
    document.title = `${state.label}: bermain sebagai warga`;
    $("title").textContent = `${state.label} · ${state.account.name}`;
    $("handle").textContent = `@${state.account.handle}`;
    const open = ["comment", "mention", "visitor_post", "group"].some(can), closed = can("dm");
    $("tab-feed").hidden = !(open && closed);
    $("tab-chat").hidden = !(open && closed);
    const blocks = () => people.find((one) => one.key === me()).blocks;
    const label = () => { $("block").textContent = blocks().includes(key) ? "Buka blokir" : "Blokir akun ini"; };
    label();
    choose(can("comment") ? "feed" : "chat");
    await refresh();
    $("tab-feed").addEventListener("click", () => choose("feed"));
    $("tab-chat").addEventListener("click", () => choose("chat"));
    $("person").addEventListener("change", () => { label(); choose(tab); attempt(refresh); });
    $("block").addEventListener("click", () => attempt(async () => {
      const blocked = !blocks().includes(key);
      await act("block", { account: key, person: me(), blocked });
      people.find((one) => one.key === me()).blocks = blocked ? [...blocks(), key] : blocks().filter((one) => one !== key);
      label();
    }));
    $("replying").querySelector("button").addEventListener("click", () => { parent = ""; editing = ""; prompt(""); });
    $("write").addEventListener("submit", (event) => { event.preventDefault(); attempt(() => send(tab === "feed" ? (can("comment") ? "comment" : "group") : "dm")); });
    setInterval(() => refresh().catch(trouble), 1500);
  }
  attempt(begin);
}
({ home, accounts, play })[document.body.dataset.page]();
