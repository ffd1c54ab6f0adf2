// An open page follows what happens: its live parts are fetched anew. What somebody types in stands elsewhere.
(function () {
  "use strict";
  // Milliseconds of rest after each look: at least this, and as many times longer than the answer took. A busy server
  // is asked less.
  const REST = 250, TIMES = 4, LONGEST = 3000;

  document.addEventListener("DOMContentLoaded", function () {
    const root = document.querySelector("[data-live]");
    if (!root || !window.EventSource) return;
    let asked = false, asking = false, first = true;
    const source = new EventSource(root.dataset.live);
    source.addEventListener("changed", function (event) {
      const cases = JSON.parse(event.data).cases;
      const mine = Number(root.dataset.case || 0);
      const opened = first;
      first = false;
      // Without names it says that something may have been missed; at the opening nothing was.
      if (cases.length ? mine && !cases.includes(mine) : opened) return;
      refresh();
    });
    window.addEventListener("pagehide", function () { source.close(); });

    async function refresh() {
      if (asking || document.hidden) { asked = true; return; }
      asking = true; asked = false;
      const begun = performance.now();
      try {
        const answer = await fetch(location.href, { headers: { "X-Salur-Live": "1" }, credentials: "same-origin" });
        if (answer.ok && !answer.redirected) replace(await answer.text());
      } catch { /* the next change asks again */ }
      const rest = Math.min(LONGEST, Math.max(REST, TIMES * (performance.now() - begun)));
      setTimeout(function () { asking = false; if (asked) refresh(); }, rest);
    }
    document.addEventListener("visibilitychange", function () { if (!document.hidden && asked) refresh(); });

    function replace(text) {
      const page = new DOMParser().parseFromString(text, "text/html");
      document.querySelectorAll("[data-live-part]").forEach(function (part) {
        const fresh = page.getElementById(part.id);
        if (!fresh || fresh.innerHTML === part.innerHTML) return;
        const held = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
        part.replaceChildren(...fresh.childNodes);
        if (held) {
          const again = Array.from(part.querySelectorAll("a[href]")).find(function (link) { return link.getAttribute("href") === held; });
          if (again) again.focus({ preventScroll: true });
        }
      });
    }
  });
})();
