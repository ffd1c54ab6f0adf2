// Small comforts; every page works without them.
(function () {
  "use strict";

  document.addEventListener("DOMContentLoaded", function () {
    document.documentElement.classList.add("has-js");
    const errors = document.querySelector("[data-focus]");
    if (errors) errors.focus();
    document.querySelectorAll("[data-count-for]").forEach(count);
    document.querySelectorAll("[hidden][data-with-js]").forEach(function (node) { node.hidden = false; });
  });

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-print], [data-copy]");
    if (!button) return;
    if ("print" in button.dataset) window.print();
    else navigator.clipboard.writeText(button.dataset.copy).then(function () { button.textContent = button.dataset.copied; });
  });

  // A menu that was unfolded shuts when somebody goes on elsewhere.
  function shut(event) {
    document.querySelectorAll("details[data-shuts][open]").forEach(function (menu) {
      if (event.key === "Escape") menu.querySelector("summary").focus();
      if (event.key === "Escape" || !menu.contains(event.target)) menu.open = false;
    });
  }
  document.addEventListener("click", shut);
  document.addEventListener("focusin", shut);
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") shut(event); });

  // A place that is linked to may stand in a folded part.
  function unfold() {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let part = place; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    if (place) place.scrollIntoView();
  }
  window.addEventListener("hashchange", unfold);
  document.addEventListener("DOMContentLoaded", unfold);

  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.matches("[data-once]")) {
      if (form.dataset.sent) event.preventDefault();
      else form.dataset.sent = "yes";
    }
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("[data-once]").forEach(function (form) { delete form.dataset.sent; });
  });

  function count(node) {
    const field = document.getElementById(node.dataset.countFor);
    const show = function () {
      node.textContent = node.dataset.template.replace("{n}", field.value.length.toLocaleString(document.documentElement.lang));
    };
    field.addEventListener("input", show);
    show();
  }
})();
