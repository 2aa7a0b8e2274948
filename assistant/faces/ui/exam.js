// Runs once in the scope of the exam tab, where Gradio provides `element` and `server`: sends the pasted text and what
// was chosen, and shows what comes back. Gradio never sets the value anew, so that the parts are ours to fill.

const part = (name) => element.querySelector(`.nq-exam-${name}`);
const box = element.querySelector("textarea");
let asked = 0;

const picks = () => [...element.querySelectorAll(".nq-exam-row")].map((row) =>
  [...row.querySelectorAll("[aria-pressed=true]")].map((button) => button.dataset.label));

async function fetched(call) {
  const html = await call;
  if (typeof html !== "string") throw new Error("no text");
  return html;
}

// Reads the text again after each change; what was chosen stays as long as the questions keep their places.
async function read() {
  const turn = ++asked;
  const chosen = picks();
  try {
    const html = await fetched(server.read_exam(box.value));
    if (turn !== asked) return;
    part("choices").innerHTML = html;
    const rows = element.querySelectorAll(".nq-exam-row");
    if (rows.length !== chosen.length) return;
    rows.forEach((row, at) => row.querySelectorAll("[data-label]").forEach((button) => {
      if (chosen[at].includes(button.dataset.label)) button.setAttribute("aria-pressed", "true");
    }));
  } catch { /* it is read once more when it is checked */ }
}

let typing = 0;
box.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(read, 250);
});

element.addEventListener("change", async (event) => {
  const file = event.target.files?.[0];
  if (!file) return;
  box.value = await file.text();
  event.target.value = "";
  read();
});

element.addEventListener("click", (event) => {
  const button = event.target.closest?.(".nq-exam-pick");
  if (!button) return;
  const pressed = button.getAttribute("aria-pressed") === "true";
  const row = button.closest(".nq-exam-row");
  if (row.dataset.choose === "1") row.querySelectorAll("[aria-pressed]").forEach((one) => one.setAttribute("aria-pressed", "false"));
  button.setAttribute("aria-pressed", String(!pressed));
});

element.addEventListener("submit", async (event) => {
  event.preventDefault();
  const go = part("go");
  if (go.disabled || !box.value.trim()) { box.focus(); return; }
  go.disabled = true;
  part("wait").hidden = false;
  part("result").innerHTML = "";
  try {
    clearTimeout(typing);
    await read();
    part("result").innerHTML = await fetched(server.check_exam([box.value, picks()]));
    const answer = part("result").querySelector(":scope > article [data-state=answer] [data-file], :scope > article [data-file]");
    // On a small screen the panel would cover the verdict.
    if (!answer) document.querySelector("#nq-panel [data-close]")?.click();
    else if (matchMedia("(min-width: 821px)").matches) answer.click();
    record();
  } catch {
    nq.toast(element.querySelector("[data-failed]").dataset.failed);
  } finally {
    go.disabled = false;
    part("wait").hidden = true;
  }
});

async function record() {
  const open = part("past")?.open;
  try {
    part("record").innerHTML = await fetched(server.exam_record(""));
    if (open && part("past")) part("past").open = true;
  } catch { /* the record is shown again after the next question */ }
}

// Each time the tab is opened, the terminal may have added to the record.
new IntersectionObserver((seen) => seen.at(-1).isIntersecting && record()).observe(element);
