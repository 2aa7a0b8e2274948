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

nq.toast = (text, wait = 1800) => {
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
  nq.toastTimer = setTimeout(() => box.classList.remove("nq-shown"), wait);
};

nq.copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    nq.toast(`${nq.texts.copied}: ${text.split("\n")[0]}`);
  } catch {
    nq.toast(nq.texts.copy_failed);
  }
};

// The browser remembers the questions of each notes folder: a tab its own, for when it is loaded anew, and all tabs
// together those asked last, for a new one. Answers are not kept: the notes may say something else by then.
nq.key = `nq-asked-${nq.notes}`;
nq.remember = (asked) => {
  nq.address(asked.at(-1) ?? "");
  for (const store of [() => sessionStorage, () => localStorage]) {
    try { store().setItem(nq.key, JSON.stringify(asked)); } catch { /* storage switched off or full */ }
  }
};
nq.forget = () => nq.remember([]);
// The address is that of the newest question, /?q=…, so that its answer can be bookmarked; one that is pasted text is not.
// It is changed when the answer has had its time: a browser does much for a new address.
nq.address = (question) => {
  const LONGEST = 500;
  const PAUSE_MS = 1500;
  clearTimeout(nq.addressing);
  nq.addressing = setTimeout(() => {
    const address = new URL(location);
    address.searchParams.delete("q");
    if (question && question.length <= LONGEST) address.searchParams.set("q", question);
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }, PAUSE_MS);
};
nq.recall = () => {
  try {
    return JSON.parse(sessionStorage.getItem(nq.key) ?? localStorage.getItem(nq.key)) ?? [];
  } catch {
    return [];
  }
};

// The questions in the chat, in order.
nq.asked = () => [...document.querySelectorAll("#nq-chat .nq-question")].map((question) => question.textContent);

// What goes along with a question: what the page shows already, and how many questions were sent before.
nq.order = 0;
nq.sending = () => ({ asked: nq.asked(), order: ++nq.order });

nq.type = (text) => {
  const box = document.querySelector("#nq-ask textarea");
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
};

// What is half typed is still there when the page is loaded anew, as it is by itself after the server was away.
(function draft() {
  const key = `nq-draft-${nq.notes}`;
  addEventListener("pagehide", () => {
    try { sessionStorage.setItem(key, document.querySelector("#nq-ask textarea")?.value ?? ""); } catch { /* switched off */ }
  });
  nq.restoreDraft = () => {
    let text = "";
    try { text = sessionStorage.getItem(key) ?? ""; sessionStorage.removeItem(key); } catch { /* switched off */ }
    if (text && !document.querySelector("#nq-ask textarea").value) nq.type(text);
  };
})();

// A question leaves the box at once, so that the next one can be typed. Until it shows up in the chat it is kept here,
// and it is put back where the server cannot be reached.
(function sending() {
  const STALE_MS = 3000; // for a key that sent nothing
  const pending = [];
  const count = (text) => nq.asked().filter((question) => question === text).length;
  const settle = () => {
    for (const sent of [...pending]) if (count(sent.text) > sent.before) pending.splice(pending.indexOf(sent), 1);
    show();
  };
  const show = () => {
    const chat = document.getElementById("nq-chat");
    if (pending.length) chat.dataset.asking = pending.at(-1).text;
    else delete chat.dataset.asking;
  };
  async function watch() {
    settle();
    if (!pending.length) return;
    try {
      await fetch("/healthz", { cache: "no-store" });
      settle();
      if (pending.length) nq.rest?.(); // shown, and then not: an earlier step came later
      setTimeout(watch, 2000);
    } catch {
      const box = document.querySelector("#nq-ask textarea");
      nq.type([...pending.splice(0).map((sent) => sent.text), ...(box.value ? [box.value] : [])].join("\n"));
      show();
      nq.remember(nq.asked());
      nq.toast(nq.texts.not_sent);
    }
  }
  // Gradio reads the box some time after the key, when more may have been typed.
  const entered = [];
  const enter = () => entered.push({ text: document.querySelector("#nq-ask textarea").value, at: Date.now() });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && event.target.matches?.("#nq-ask textarea")) enter();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#nq-ask .submit-button")) enter();
  }, true);
  nq.sent = (read) => {
    while (entered.length && Date.now() - entered[0].at > STALE_MS) entered.shift();
    const question = entered.shift()?.text ?? read;
    const text = question.trim();
    if (!text) return question;
    settle();
    pending.push({ text, before: count(text) + pending.filter((sent) => sent.text === text).length });
    show();
    const box = document.querySelector("#nq-ask textarea");
    if (box.value.startsWith(question)) nq.type(box.value.slice(question.length));
    if (matchMedia("(pointer: coarse)").matches) box.blur(); // the keyboard would cover the answer
    nq.remember([...nq.asked(), ...nq.unseen()]);
    setTimeout(watch, 2000);
    return question;
  };
  nq.unseen = () => { settle(); return pending.map((sent) => sent.text); };
  nq.unask = () => { pending.length = 0; show(); };
})();

// The notes may change while the page is only looked at, and the server may be stopped.
nq.watch = () => {
  let known = null;
  let missed = 0;
  const say = (away) => {
    const shown = document.getElementById("nq-away");
    if (!away) shown?.remove();
    else if (!shown) {
      const box = document.createElement("div");
      box.id = "nq-away";
      box.setAttribute("role", "alert");
      box.textContent = nq.texts.away;
      document.body.append(box);
    }
  };
  setInterval(async () => {
    if (document.visibilityState === "hidden") return;
    try {
      const { changes } = await (await fetch("/api/changes", { cache: "no-store" })).json();
      missed = 0;
      const told = Number(document.querySelector("#nq-header [data-change]")?.dataset.change ?? 0);
      if (known !== null && changes > Math.max(known, told)) nq.look();
      known = changes;
    } catch {
      missed += 1;
    }
    say(missed > 1);
  }, 3000);
};

// What a page just opened is to show: the questions remembered, and the one in the address unless it is shown with these:
// as the last of them, or anywhere when the page is loaded anew, before its address was that of the last.
nq.arrival = () => {
  const asked = nq.recall();
  const question = new URL(location).searchParams.get("q") ?? "";
  const anew = performance.getEntriesByType("navigation")[0]?.type === "reload";
  const shown = question === asked.at(-1) || (anew && asked.includes(question));
  return { asked, question: shown ? "" : question };
};

nq.save = () => {
  const turns = [...document.querySelectorAll("#nq-chat [data-transcript]")].map((turn) => turn.dataset.transcript);
  const day = new Date().toLocaleDateString("sv"); // the Swedish write dates as ISO 8601 does
  const file = new Blob([`# ${nq.texts.title} ${day}\n\n${turns.join("\n")}`], { type: "text/markdown" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `notes-qa-${day}.md`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
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
  let seen = -1; // the number of the newest turn shown
  let gone = -1; // what it was when the conversation was cleared
  let count = 0;
  nq.cleared = () => { [gone, count] = [seen, 0]; nq.unask(); };
  // What Gradio names for screen readers is English, or a list without items.
  const name = (chat) => {
    chat?.querySelectorAll(".examples[role=list]").forEach((list) => list.setAttribute("role", "group"));
    chat?.querySelectorAll("[data-testid][aria-label]").forEach((message) => message.removeAttribute("aria-label"));
    document.querySelector("#nq-ask .submit-button:not([aria-label])")?.setAttribute("aria-label", nq.texts.send);
    chat?.querySelector(`[role=log]:not([aria-label="${nq.texts.chat_label}"])`)?.setAttribute("aria-label", nq.texts.chat_label);
  };
  const small = matchMedia("(max-width: 820px)");
  let restored = false;
  const hint = () => {
    const box = document.querySelector("#nq-ask textarea");
    const text = small.matches ? nq.texts.placeholder_short : nq.texts.placeholder;
    if (box && !restored) {
      restored = true;
      requestAnimationFrame(nq.restoreDraft); // Gradio listens by then
    }
    if (box && box.placeholder !== text) box.placeholder = text;
  };
  small.addEventListener("change", hint);
  const look = () => {
    const chat = document.getElementById("nq-chat");
    name(chat);
    hint();
    const questions = chat ? chat.querySelectorAll(".nq-question") : [];
    const newest = questions[questions.length - 1];
    const waiting = newest ? chat.querySelectorAll(".nq-waiting").length : 0;
    const state = newest ? `${questions.length} ${newest.dataset.turn} ${waiting}` : "";
    if (state === last) return;
    last = state;
    if (newest) {
      // Answers of several questions may come in the wrong order, the later of them with what was there before.
      const number = Math.max(...[...questions].map((question) => Number(question.dataset.turn)));
      const overtaken = number < seen || number <= gone || questions.length < count;
      [seen, gone, count] = [number, -1, questions.length];
      if (waiting || overtaken) nq.rest?.();
    }
    if (questions.length) nq.remember([...nq.asked(), ...nq.unseen()]);
    const log = newest?.closest("[role=log]");
    if (!log) return;
    requestAnimationFrame(() => requestAnimationFrame(() => {
      // A short answer leaves room below it, else its question could not get to the top.
      const wrap = log.querySelector(".message-wrap");
      const below = wrap.getBoundingClientRect().bottom - parseFloat(getComputedStyle(wrap).paddingBottom);
      const height = below - newest.getBoundingClientRect().top;
      wrap.style.setProperty("--nq-room", questions.length > 1 ? `${Math.max(0, log.clientHeight - height - 16)}px` : "0px");
      const gap = newest.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
      log.scrollTo({ top: log.scrollTop + gap, behavior: "instant" });
    }));
  };
  nq.whenReady(() => new MutationObserver(look).observe(document.body, { childList: true, subtree: true }));
})();
