// The field editor without waits: what is typed is saved by itself, and the preview follows.
// Each request is the page's own form, and the answer is the page: its parts take the place of those that stand here.

const form = document.getElementById("editor");
const state = document.getElementById("state");
const frame = document.getElementById("preview");
const PARTS = ["held", "state", "acts", "told", "list", "sheet"];
const QUIET = 700; // milliseconds without a keystroke, then it is saved
const AGAIN = 5000; // milliseconds until the next try when there was no connection
const STAY = ["save", "up", "down", "place"]; // buttons that leave the chosen field's inputs where they are
const MISSED = "Your last button got no answer: please see whether it was done, and press it again if not.";

let queue = Promise.resolve();
let timer = 0;
let unsaved = false;
let missed = false; // a button got no answer
let shown = location.search;

const input = (name) => form.elements.namedItem(name);
const isStale = () => form.dataset.stale !== undefined;
const say = (words) => { state.textContent = words; };
const later = (pause) => {
  clearTimeout(timer);
  timer = setTimeout(() => send("save", true), pause);
};

function send(pressed, quiet = false) {
  clearTimeout(timer);
  queue = queue.then(() => post(pressed, quiet)).catch((error) => {
    reportError(error);
    failed(pressed, "something went wrong in this page");
  });
}

async function post(pressed, quiet) {
  if (quiet && isStale()) return; // whoever was overtaken decides what becomes of theirs
  const sent = new URLSearchParams(new FormData(form));
  const before = input("seen").value;
  sent.set("do", pressed);
  unsaved = false;
  say("Saving…");
  const [answer, page] = await ask(sent, !quiet && !STAY.includes(pressed.split(":")[0]));
  if (!answer) {
    failed(pressed, "there is no connection");
    return;
  }
  if (!page.getElementById("editor")) {
    elsewhere(answer, page);
    return;
  }
  const again = { ...here(), sent };
  missed &&= quiet;
  show(page, quiet, again);
  if (!quiet && answer.redirected) remember(answer.url);
  if (!quiet) focus(pressed, again.id);
  if (isStale()) {
    unsaved = true;
    const reason = document.querySelector("#told .summary strong")?.textContent ?? "";
    say(`Not saved: ${reason}`);
  }
  if (missed) state.append(` ${MISSED}`);
  if (input("seen").value !== before) refresh();
  if (pressed.startsWith("open") || pressed.startsWith("add")) reveal();
}

// The answer and its page, or nothing where none came. On `hold` nobody types meanwhile: other inputs will stand here.
async function ask(sent, hold) {
  const focused = document.activeElement;
  form.inert = hold;
  try {
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: sent });
    return [answer, new DOMParser().parseFromString(await answer.text(), "text/html")];
  } catch {
    return [];
  } finally {
    form.inert = false;
    if (hold) focused?.focus({ preventScroll: true });
  }
}

// What is typed is sent again by itself; a button isn't, as it may have done its work before the answer was lost.
function failed(pressed, why) {
  unsaved = true;
  missed ||= pressed !== "save" || isStale();
  say(`Not saved: ${why}. ${missed ? MISSED : "It is tried again."}`);
  later(AGAIN);
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
  const since = typedSince(again.sent);
  for (const name of PARTS) {
    const old = document.getElementById(name);
    const fresh = page.getElementById(name);
    if (name === "list" && old.querySelector(".dragged")) continue;
    if (name === "sheet" && sameShape(fresh)) {
      update(fresh, quiet, since);
      continue;
    }
    const top = old.scrollTop;
    old.replaceChildren(...fresh.childNodes);
    old.scrollTop = top;
  }
  const theirs = page.getElementById("editor").dataset;
  for (const old of since) if (theirs.chosen === form.dataset.chosen || old.name === "strict") retype(old);
  for (const name of ["chosen", "stale"]) {
    if (name in theirs) form.dataset[name] = theirs[name];
    else delete form.dataset[name];
  }
  if (quiet && again.add) document.getElementById("add").open = true;
  if (quiet && again.id && document.activeElement === document.body) document.getElementById(again.id)?.focus();
  localize();
  form.dispatchEvent(new Event("shown"));
}

function sameShape(fresh) {
  const shape = document.getElementById("inputs")?.dataset.shape;
  return shape !== undefined && shape === fresh.querySelector("#inputs")?.dataset.shape;
}

// The inputs that hold something else than was sent.
function typedSince(sent) {
  const lines = (text) => text?.replaceAll("\r\n", "\n");
  const stands = (one) => (one.type === "checkbox" ? one.checked === sent.has(one.name) : lines(one.value) === lines(sent.get(one.name) ?? ""));
  return [...form.querySelectorAll("[name^=f-], [name=strict]")].filter((one) => !stands(one));
}

function retype(old) {
  const fresh = input(old.name);
  if (!fresh || fresh === old) return;
  fresh.value = old.value;
  fresh.checked = old.checked;
}

// The same inputs came back: where somebody types on, only what is said about the input changes.
function update(fresh, quiet, since) {
  input("was").value = fresh.querySelector("[name=was]").value;
  const head = quiet ? "h2" : ".sheet-head";
  document.querySelector(`#sheet ${head}`).replaceWith(fresh.querySelector(head));
  for (const part of document.querySelectorAll("#sheet [data-part]")) {
    const other = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    const field = part.querySelector("input, textarea, select");
    if (!since.includes(field) && !(quiet && part.contains(document.activeElement))) {
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

// A page of the browser's own, which says that nothing could be loaded, lets nobody look inside.
const inside = () => frame.contentDocument?.defaultView;

function refresh() {
  const top = inside()?.scrollY ?? 0;
  frame.addEventListener("load", () => inside()?.scrollTo(0, top), { once: true });
  if (inside()) inside().location.replace(frame.src);
  else frame.src = frame.getAttribute("src");
}

function reveal() {
  const place = [...document.querySelectorAll(".field-row")].findIndex((row) => row.dataset.key === form.dataset.chosen);
  const field = frame.contentDocument?.getElementById(`field-${place}`);
  // Not scrollIntoView: it would scroll this page too, away from the settings of the field.
  if (field) inside().scrollBy(0, field.getBoundingClientRect().top - frame.clientHeight / 2);
}

// ── Times ────────────────────────────────────────────────────────────────────

function localize() {
  for (const time of document.querySelectorAll("time[data-time]")) {
    const moment = new Date(time.dateTime);
    const day = moment.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
    time.textContent = new Intl.DateTimeFormat("en-GB", { ...day, hour: "2-digit", minute: "2-digit" }).format(moment);
  }
}

// ── What is typed ────────────────────────────────────────────────────────────

form.addEventListener("input", (event) => {
  unsaved = true;
  const typing = event.target.matches("textarea, input:not([type=checkbox])");
  if (!isStale()) later(typing ? QUIET : 0);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.submitter?.value ?? "save");
});

addEventListener("popstate", () => { if (location.search !== shown) location.reload(); }); // no mere way to an anchor
addEventListener("online", () => { if (unsaved && !isStale()) later(0); });
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

form.classList.add("scripted");
localize();
