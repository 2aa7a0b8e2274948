// Runs once in the scope of the note panel, where Gradio provides `element`, `props` and `server`.
// One listener serves every button of the page: data-file opens a place, data-copy copies, data-close closes.

const small = matchMedia("(max-width: 820px)");
const panel = () => element.querySelector(".nq-panel");
const blank = props.value;
let asked = 0;

// What was asked or typed to get to a place: these words are marked there.
const words = (button) => button.closest("[data-asked]")?.dataset.asked ?? "";

async function open(button, { hl, n } = button.dataset) {
  const { file, line } = button.dataset;
  const turn = ++asked;
  element.classList.add("nq-busy");
  try {
    const html = await server.open_note([file, Number(line), hl || "", n || "", words(button)]);
    if (typeof html !== "string") throw new Error("no section");
    if (turn !== asked) return; // another one was clicked meanwhile
    props.value = html;
    document.body.classList.add("nq-open");
    shown = ""; // the same place again may have been scrolled away from
    settle();
  } catch {
    nq.toast(nq.texts.open_failed);
  } finally {
    if (turn === asked) element.classList.remove("nq-busy");
  }
}

function close() {
  document.body.classList.remove("nq-open");
  props.value = blank;
}

// The tab that is open.
const tab = () => [...document.querySelectorAll("#nq-tabs > [role=tabpanel]")].find((one) => one.offsetParent !== null);

// The buttons that lead to what the panel shows stand out.
function mark() {
  const shown = panel()?.dataset ?? {};
  const same = (other) => shown.file && ["file", "line", "hl", "n"].every((key) => (other[key] || "") === (shown[key] || ""));
  document.querySelectorAll("#nq-left [data-file]").forEach((button) => {
    button.classList.toggle("nq-active", Boolean(same(button.dataset)));
  });
}

// A section just put into the panel: the cited line comes into view, with some context above it.
function reveal() {
  const lines = element.querySelector(".nq-lines");
  if (!lines) return;
  const target = lines.querySelector(".nq-on") || lines.querySelector(`[data-number="${panel().dataset.line}"]`);
  lines.scrollTop = target ? Math.max(0, target.offsetTop - lines.offsetTop - 64) : 0;
}

// The note shown has been changed: it is opened anew, without the lines that were lit, which may have moved.
let known = "";
function refresh() {
  const news = document.querySelector("#nq-header [data-reopen]");
  const change = news?.dataset.change ?? known;
  if (change === known) return;
  known = change;
  if (!panel()?.dataset.file || (small.matches && !document.body.classList.contains("nq-open"))) return;
  if (JSON.parse(news.dataset.reopen).includes(panel().dataset.file)) open(panel(), { hl: "", n: "" });
}

// Answers and sections are put in by Gradio at times of its own choosing, hence the observer: its `watch` misses what
// an event of the server changes. It also patches elements rather than replacing them, hence the key of what is shown.
// Classes are not observed, so marking does not lead back here.
let shown = "";
let waiting = false;
function settle() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    mark();
    refresh();
    const { file, line, hl } = panel()?.dataset ?? {};
    const key = file ? `${file}:${line}:${hl}` : "";
    if (key === shown) return;
    shown = key;
    reveal();
  });
}
const observed = { childList: true, subtree: true, attributeFilter: ["data-change", "data-file", "data-line", "data-hl"] };
new MutationObserver(settle).observe(document.body, observed);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-file], [data-copy], [data-close], [data-theme], [data-save], [data-retry]");
  if (!button || button === panel()) {
    const outside = small.matches && document.body.classList.contains("nq-open") && !event.target.closest?.("#nq-panel");
    if (outside) { event.preventDefault(); event.stopPropagation(); close(); }
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  if (button.dataset.copy !== undefined) nq.copy(button.dataset.copy);
  else if (button.dataset.close !== undefined) close();
  else if (button.dataset.theme !== undefined) nq.toggleTheme();
  else if (button.dataset.save !== undefined) nq.save();
  else if (button.dataset.retry !== undefined) nq.retry(Number(button.dataset.retry));
  else open(button);
}, true);

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  const focused = document.activeElement;
  const typing = focused && (/^(INPUT|TEXTAREA|SELECT)$/.test(focused.tagName) || focused.isContentEditable);
  if (event.key === "Escape") {
    if (typing) focused.blur();
    else close();
    return;
  }
  if (typing) return;
  if (event.key === "/") {
    event.preventDefault();
    tab()?.querySelector("textarea, input")?.focus();
  } else if (/^[1-9]$/.test(event.key)) {
    const answers = [...(tab()?.querySelectorAll(".nq-answer") ?? [])];
    (answers.at(-1) ?? tab())?.querySelector(`[data-n="${event.key}"]`)?.click();
  } else if (event.key === "[" || event.key === "]") {
    const step = element.querySelectorAll(".nq-step")[event.key === "[" ? 0 : 1];
    if (step && !step.disabled) step.click();
  }
});
