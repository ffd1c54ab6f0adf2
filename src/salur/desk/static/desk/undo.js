// A released answer can be taken back for some seconds: count them down, then take the button away.
(function () {
  "use strict";
  document.querySelectorAll("[data-undo]").forEach(function (form) {
    const left = form.querySelector("[data-undo-left]");
    const over = performance.now() + 1000 * Number(form.dataset.undo);
    function show() {
      const seconds = Math.ceil((over - performance.now()) / 1000);
      if (seconds <= 0) { clearInterval(ticking); form.remove(); return; }
      left.textContent = "(" + seconds + ")";
    }
    const ticking = setInterval(show, 250);
    show();
  });
})();
