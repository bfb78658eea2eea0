// The field editor without waits: what is typed is saved by itself, rows are dragged, the preview follows.
// Each request is the page's own form, and the answer is the page: its parts take the place of those that stand here.

const form = document.getElementById("editor");
const state = document.getElementById("state");
const frame = document.getElementById("preview");
const PARTS = ["held", "state", "acts", "told", "list", "sheet"];
const QUIET = 700; // milliseconds without a keystroke, then it is saved
const AGAIN = 5000; // milliseconds until the next try when there was no connection

let queue = Promise.resolve();
let timer = 0;
let unsaved = false;
let dragged = null;
let shown = location.search;

const input = (name) => form.elements.namedItem(name);
const say = (words) => { state.textContent = words; };
const later = (pause) => {
  clearTimeout(timer);
  timer = setTimeout(() => send("save", true), pause);
};

function send(pressed, quiet = false) {
  clearTimeout(timer);
  queue = queue.then(() => post(pressed, quiet));
}

async function post(pressed, quiet) {
  const sent = new URLSearchParams(new FormData(form));
  const before = input("seen").value;
  sent.set("do", pressed);
  unsaved = false;
  say("Saving…");
  let answer;
  try {
    answer = await fetch(form.getAttribute("action"), { method: "POST", body: sent });
  } catch {
    unsaved = true;
    say("Not saved: there is no connection. It is tried again.");
    if (quiet) later(AGAIN);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("editor")) {
    elsewhere(answer, page);
    return;
  }
  const again = { ...here(), sent };
  show(page, quiet, again);
  if (!quiet && answer.redirected) remember(answer.url);
  if (!quiet) focus(pressed, again.id);
  if (form.dataset.stale !== undefined) {
    unsaved = true;
    const reason = document.querySelector("#told .summary strong")?.textContent ?? "";
    say(`Not saved: ${reason}`);
  }
  if (input("seen").value !== before) refresh();
  if (pressed.startsWith("open") || pressed.startsWith("add")) reveal();
}

// Answers that are no editor: another page of ours, or one that says why nothing was saved.
function elsewhere(answer, page) {
  const to = new URL(answer.url);
  if (answer.ok && to.pathname === location.pathname) {
    location.assign(to);
    return;
  }
  unsaved = true;
  const why = to.pathname === "/sign-in" ? "you are signed out. Sign in in another tab, then go on here." : page.querySelector("h1")?.textContent;
  say(`Not saved: ${why}`);
}

function remember(address) {
  const to = new URL(address);
  for (const name of ["done", "moved", "dropped"]) to.searchParams.delete(name);
  if (to.href !== location.href) history.pushState(null, "", to);
  shown = to.search;
}

const here = () => ({ id: document.activeElement?.id, add: document.getElementById("add")?.open });

function show(page, quiet, again) {
  for (const name of PARTS) {
    const old = document.getElementById(name);
    const fresh = page.getElementById(name);
    if (name === "list" && dragged) continue;
    if (name === "sheet" && quiet && sameShape(fresh)) {
      update(fresh, again.sent);
      continue;
    }
    const top = old.scrollTop;
    old.replaceChildren(...fresh.childNodes);
    old.scrollTop = top;
  }
  const theirs = page.getElementById("editor").dataset;
  for (const name of ["chosen", "stale"]) {
    if (name in theirs) form.dataset[name] = theirs[name];
    else delete form.dataset[name];
  }
  if (quiet && again.add) document.getElementById("add").open = true;
  if (quiet && again.id && document.activeElement === document.body) document.getElementById(again.id)?.focus();
  prepare();
}

const sameShape = (fresh) =>
  document.getElementById("inputs")?.dataset.shape === fresh.querySelector("#inputs")?.dataset.shape;

// The same inputs came back: where somebody types on, only what is said about the input changes.
function update(fresh, sent) {
  input("was").value = fresh.querySelector("[name=was]").value;
  document.querySelector("#sheet h2").replaceWith(fresh.querySelector("h2"));
  for (const part of document.querySelectorAll("#sheet [data-part]")) {
    const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    const field = part.querySelector("input, textarea, select");
    const typedOn = field.type !== "checkbox" && field.value.replaceAll("\n", "\r\n") !== (sent.get(field.name) ?? "").replaceAll(/\r?\n/g, "\r\n");
    if (!part.contains(document.activeElement) && !typedOn) {
      part.replaceWith(other);
      continue;
    }
    const told = other.querySelector("input, textarea, select");
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (told.hasAttribute(name)) field.setAttribute(name, told.getAttribute(name));
      else field.removeAttribute(name);
    }
    part.querySelector(".error")?.remove();
    const error = other.querySelector(".error");
    if (error) part.append(error);
  }
}

function focus(pressed, id) {
  const [what, key] = pressed.split(":");
  const first = document.getElementById("f-label");
  const target = {
    open: key ? first : document.querySelector("#list .row-open"),
    add: first,
    duplicate: first,
    restore: first,
    remove: document.querySelector("#told button") ?? document.querySelector("#list button"),
  }[what] ?? document.querySelector("#told [role=alert] a") ?? document.getElementById(id);
  target?.focus();
  if (what === "add") target?.select();
  if (["up", "down"].includes(what) && document.activeElement === document.body) {
    document.querySelector(`.tools [value^="${what}"]:enabled, .tools button:enabled`)?.focus();
  }
}

// ── The preview ──────────────────────────────────────────────────────────────

function refresh() {
  const top = frame.contentWindow.scrollY;
  frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, top), { once: true });
  frame.contentWindow.location.replace(frame.src);
}

function reveal() {
  const place = [...document.querySelectorAll(".field-row")].findIndex((row) => row.dataset.key === form.dataset.chosen);
  frame.contentDocument?.getElementById(`field-${place}`)?.scrollIntoView({ block: "center" });
}

// ── Rows ─────────────────────────────────────────────────────────────────────

const rows = () => [...document.querySelectorAll("#list .field-row")];

function prepare() {
  for (const row of rows()) {
    if (row.querySelector(".grip")) continue;
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.title = "Drag to move. With the keyboard: Alt and an arrow.";
    row.prepend(grip);
  }
  for (const time of document.querySelectorAll("time[data-time]")) {
    const moment = new Date(time.dateTime);
    const day = moment.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
    time.textContent = new Intl.DateTimeFormat("en-GB", { ...day, hour: "2-digit", minute: "2-digit" }).format(moment);
  }
}

form.addEventListener("pointerdown", (event) => {
  const row = event.target.closest(".grip")?.closest(".field-row");
  if (!row || event.button) return;
  event.preventDefault();
  dragged = { row, from: rows().indexOf(row), next: row.nextElementSibling };
  row.classList.add("dragged");
  form.setPointerCapture(event.pointerId);
});

form.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  const { row } = dragged;
  const under = rows().find((one) => {
    const box = one.getBoundingClientRect();
    return event.clientY >= box.top && event.clientY <= box.bottom;
  });
  if (!under || under === row) return;
  const down = row.compareDocumentPosition(under) & Node.DOCUMENT_POSITION_FOLLOWING;
  if (down) under.after(row);
  else under.before(row);
  row.scrollIntoView({ block: "nearest" });
});

const drop = (keep) => {
  if (!dragged) return;
  const { row, from, next } = dragged;
  row.classList.remove("dragged");
  dragged = null;
  if (!keep) row.parentNode.insertBefore(row, next);
  else if (rows().indexOf(row) !== from) send(`place:${row.dataset.key}:${rows().indexOf(row)}`);
};
form.addEventListener("pointerup", () => drop(true));
form.addEventListener("pointercancel", () => drop(false));

form.addEventListener("keydown", (event) => {
  if (event.key === "Escape") drop(false);
  const row = event.target.closest(".field-row");
  if (!row || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const step = event.key === "ArrowUp" ? -1 : 1;
  const all = rows();
  if (event.altKey) send(`${step < 0 ? "up" : "down"}:${row.dataset.key}`);
  else all[all.indexOf(row) + step]?.querySelector("button").focus();
});

// ── What is typed ────────────────────────────────────────────────────────────

form.addEventListener("input", (event) => {
  unsaved = true;
  const typing = event.target.matches("textarea, input:not([type=checkbox])");
  if (form.dataset.stale === undefined) later(typing ? QUIET : 0);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.submitter?.value ?? "save");
});

addEventListener("popstate", () => { if (location.search !== shown) location.reload(); }); // no mere way to an anchor
addEventListener("online", () => { if (unsaved && form.dataset.stale === undefined) later(0); });
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

form.classList.add("scripted");
prepare();
