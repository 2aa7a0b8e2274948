// Runs once in the scope of the outline, where Gradio provides `element`, `props` and `server`: sends what is wanted of
// the notes and shows what comes back. The filter box stands beside it, so that nothing is replaced under the cursor;
// it may come into the page after this has run, hence listeners on the document.

const filter = () => document.querySelector("#nq-filter input");
let state = "";
let rows = {}; // file -> how many of its rows were asked for by hand, 0 for a file that was closed
let asked = 0;
let failed = 0;
let stale = true; // the notes are to be looked at: the tab was opened

async function list(anew) {
  stale ||= anew;
  const turn = ++asked;
  try {
    const html = await server.list_notes([filter()?.value ?? "", state, rows, stale]);
    if (turn !== asked) return; // more was typed meanwhile
    if (typeof html !== "string") throw new Error("no outline");
    failed = 0;
    stale = false;
    props.value = html;
    if (html.includes('class="nq-waiting"')) later(700);
  } catch {
    if (turn !== asked) return;
    if (!failed) nq.toast(nq.texts.outline_failed);
    failed += 1;
    later(Math.min(1000 * 2 ** failed, 15_000)); // an open list must not stay empty
  }
}

const later = (wait) => {
  const turn = asked;
  setTimeout(() => turn === asked && element.offsetParent !== null && list(true), wait);
};

let typing = 0;
function narrow(event) {
  if (!event.target.matches?.("#nq-filter input") || event.isComposing) return; // half converted kana match nothing
  rows = {};
  clearTimeout(typing);
  typing = setTimeout(list, 80, false);
}
document.addEventListener("input", narrow, true);
document.addEventListener("compositionend", narrow, true);

element.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-toggle], [data-state]");
  if (!button) return;
  event.preventDefault();
  if (button.dataset.toggle !== undefined) {
    rows[button.dataset.toggle] = Number(button.dataset.rows);
  } else {
    state = button.dataset.state;
    rows = {};
  }
  list(false);
});

// Each time the tab is opened, the notes may have changed.
new IntersectionObserver((seen) => seen.at(-1).isIntersecting && list(true)).observe(element);
