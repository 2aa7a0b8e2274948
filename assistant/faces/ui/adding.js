// Note files that are dropped on the page, or chosen, go to the notes folder. Nothing there is overwritten: where a
// file of that name holds something else, the person is asked.

(function adding() {
  const t = nq.texts;
  const isNote = (file) => /\.(md|markdown|txt)$/i.test(file.name);
  const files = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

  async function put(file, name) {
    const reply = await fetch(`/api/notes/${encodeURIComponent(name)}`, { method: "PUT", body: file });
    return { status: reply.status, ...(await reply.json()) };
  }

  // Resolves to whether the file is to be added under the other name.
  function choose(name, free) {
    const box = document.createElement("dialog");
    box.id = "nq-clash";
    box.setAttribute("aria-labelledby", "nq-clash-text");
    const text = document.createElement("p");
    text.id = "nq-clash-text";
    text.textContent = t.add_clash_ask.replace("{file}", name);
    const buttons = [["other", t.add_as.replace("{file}", free)], ["", t.add_not]].map(([value, label]) => {
      const button = document.createElement("button");
      button.value = value;
      button.textContent = label;
      button.addEventListener("click", () => box.close(value));
      return button;
    });
    box.append(text, ...buttons);
    document.body.append(box);
    box.showModal();
    return new Promise((resolve) => box.addEventListener("close", () => { box.remove(); resolve(box.returnValue === "other"); }));
  }

  nq.add = async (chosen) => {
    const added = [];
    const left = [];
    for (const file of chosen) {
      if (!isNote(file)) { left.push(`${file.name}: ${t.add_kind}`); continue; }
      try {
        let reply = await put(file, file.name);
        if (reply.status === 409 && reply.free) {
          if (!(await choose(file.name, reply.free))) { left.push(file.name); continue; }
          reply = await put(file, reply.free);
        }
        if (reply.status === 201) added.push(reply.file);
        else left.push(reply.error);
      } catch {
        left.push(`${file.name}: ${t.add_unsent}`);
      }
    }
    const lines = [];
    if (added.length) lines.push(`${t.added}: ${added.join(", ")}`);
    if (left.length) lines.push(`${t.add_left}: ${left.join(", ")}`);
    if (lines.length) nq.toast(lines.join(" · "), 6000);
    if (added.length) nq.look();
  };

  async function samples() {
    try {
      const reply = await fetch("/api/samples", { method: "POST" });
      const body = await reply.json();
      nq.toast(reply.ok ? `${t.added}: ${body.files.length}` : body.error, 6000);
      if (reply.ok) nq.look();
    } catch {
      nq.toast(t.add_unsent);
    }
  }

  function pick() {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.accept = ".md,.markdown,.txt";
    input.addEventListener("change", () => nq.add([...input.files]));
    input.click();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-add]")) pick();
    else if (event.target.closest?.("[data-samples]")) samples();
  });

  // The exam's text box takes files of its own.
  const elsewhere = (event) => event.target.closest?.("#nq-tab-exam");
  let leaving = 0;
  document.addEventListener("dragover", (event) => {
    if (!files(event) || elsewhere(event)) return;
    event.preventDefault();
    clearTimeout(leaving);
    document.body.classList.add("nq-dropping");
    document.body.dataset.drop = t.add_drop;
    leaving = setTimeout(() => document.body.classList.remove("nq-dropping"), 300);
  });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("nq-dropping");
    if (!files(event) || elsewhere(event)) return;
    event.preventDefault();
    event.stopPropagation();
    nq.add([...event.dataTransfer.files]);
  }, true);
})();
