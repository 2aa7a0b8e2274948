// What concerns the whole document: language, light or dark, and the question box. Gradio puts it into the page's head
// when its own script starts. `window.nq` holds the language and the texts; panel.js uses its helpers.

document.documentElement.lang = nq.language; // also decides which shapes shared characters take

nq.whenReady = (start) => {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
};

(function theme() {
  let stored = null;
  try { stored = localStorage.getItem("nq-theme"); } catch { /* storage switched off */ }
  const dark = stored ? stored === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  nq.whenReady(() => document.body.classList.toggle("dark", dark));
})();

nq.toggleTheme = () => {
  const dark = document.body.classList.toggle("dark");
  try { localStorage.setItem("nq-theme", dark ? "dark" : "light"); } catch { /* then for this visit only */ }
};

nq.toast = (text) => {
  let box = document.getElementById("nq-toast");
  if (!box) {
    box = document.createElement("div");
    box.id = "nq-toast";
    box.setAttribute("role", "status");
    document.body.append(box);
  }
  box.textContent = text;
  box.classList.add("nq-shown");
  clearTimeout(nq.toastTimer);
  nq.toastTimer = setTimeout(() => box.classList.remove("nq-shown"), 1800);
};

nq.copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    nq.toast(`${nq.texts.copied}: ${text.split("\n")[0]}`);
  } catch {
    nq.toast(nq.texts.copy_failed);
  }
};

// The Enter that ends a conversion from kana must not send the question. Safari reports it after the conversion,
// as an ordinary Enter with the key code 229.
for (const type of ["keydown", "keypress"]) {
  document.addEventListener(type, (event) => {
    const converting = event.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && converting && event.target.matches?.("textarea, input")) event.stopImmediatePropagation();
  }, true);
}

// A new question moves to the top of the chat, and again when its answer has come and there is more to scroll,
// so that an answer is read from its beginning.
(function follow() {
  let last = "";
  const look = () => {
    const chat = document.getElementById("nq-chat");
    const questions = chat ? chat.querySelectorAll(".nq-question") : [];
    const newest = questions[questions.length - 1];
    const state = newest ? `${questions.length} ${chat.querySelectorAll(".nq-waiting").length}` : "";
    if (state === last) return;
    last = state;
    const log = newest?.closest("[role=log]");
    if (!log) return;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const gap = newest.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
      log.scrollTo({ top: log.scrollTop + gap, behavior: "instant" });
    }));
  };
  nq.whenReady(() => new MutationObserver(look).observe(document.body, { childList: true, subtree: true }));
})();
