// The inbox by keyboard, and what comes in while it is looked at. Every key presses a button or follows a link that is
// on the page anyway; without this file all of it works by clicking.

const KEYS = "inbox-keys"; // in the browser's storage: "off" once somebody has switched them off
const ROW = "#row-"; // in the address, with its id: the row to go on from after the page was sent
const FIRST_PAUSE = 15_000; // milliseconds between two looks for what is new
const LONGEST_PAUSE = 5 * 60_000; // while nothing answers

const panes = document.querySelector("[data-inbox]");
const list = document.querySelector("[data-rows]");
const open = document.querySelector("[data-open]");
const form = list?.closest("form");
const rows = () => [...(list?.querySelectorAll(".row") ?? [])];
const linkOf = (row) => row?.querySelector("a");
const boxOf = (row) => row?.querySelector("[data-row]");
const isSeen = (element) => Boolean(element?.getClientRects().length);

// What was done is told once: a reload doesn't tell it again.
const address = new URL(location);
if (address.searchParams.has("done")) {
  address.searchParams.delete("done");
  history.replaceState(null, "", address);
}

// How far the reader's clock is before UTC at the midnight that begins a day like 2026-03-29, or a later one.
function minutesBeforeUTC(day, later) {
  const [year, month, date] = day.split("-").map(Number);
  const minutes = Math.round((Date.UTC(year, month - 1, date + later) - new Date(year, month - 1, date + later)) / 60_000);
  return minutes ? String(minutes) : ""; // no day is no number
}

// The days of the search are days by the reader's clock, and what is left empty isn't in the address.
for (const search of document.querySelectorAll("form.search")) {
  search.addEventListener("submit", () => {
    for (const [name, later] of [["from", 0], ["to", 1]]) { // the first day's beginning, the last day's end
      const zone = search.elements[`${name}_zone`];
      zone.value = minutesBeforeUTC(search.elements[name].value, later);
      zone.disabled = !zone.value;
    }
    const empty = [...search.elements].filter((one) => one.name && !one.disabled && !one.value);
    for (const one of empty) one.disabled = true;
    setTimeout(() => { for (const one of empty) one.disabled = false; });
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Folds that hide something from paper are opened for it.
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll(".folded")) fold.open = true;
});

// ---- Keys

const help = document.querySelector("[data-keys-help]");
const toggle = document.querySelector("[data-keys-on]");
const isOn = () => localStorage.getItem(KEYS) !== "off";
const keys = help?.querySelector("dialog");
if (help) {
  help.hidden = false;
  document.body.append(keys); // beside it, where the columns are folded away, it couldn't be seen
  toggle.checked = isOn();
  toggle.addEventListener("change", () => localStorage.setItem(KEYS, toggle.checked ? "on" : "off"));
}

function current() {
  return document.activeElement?.closest?.(".row") ?? null;
}

function go(step) {
  const there = open && document.querySelector(`[data-open] a[rel=${step > 0 ? "next" : "prev"}]`);
  if (open) {
    there?.click();
    return;
  }
  const all = rows();
  const at = all.indexOf(current());
  const row = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  linkOf(row)?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

// What is selected where it can be seen: on a phone the list is folded away beside an open submission.
const selected = () => rows().filter((row) => boxOf(row)?.checked && isSeen(row));

// Press the button of the list with what is selected, else with the row that has the focus, else of the open submission.
function press(what) {
  const ticked = selected();
  const row = current();
  if (!ticked.length && !row) {
    open?.querySelector(`.letter-actions button[name=do][value=${what}]`)?.click();
    return;
  }
  const button = form?.querySelector(`.toolbar button[value=${what}]`);
  if (!button) return;
  if (!ticked.length) boxOf(row).checked = true;
  const last = ticked.at(-1) ?? row;
  remember(what === "read" || what === "unread" ? row ?? last : last.nextElementSibling ?? last.previousElementSibling);
  form.requestSubmit(button);
}

function remember(row) {
  // Browsers put what stands behind the # of a form's address behind that of the page that it leads to.
  if (row) form.action = `${form.action.split("#")[0]}${ROW}${row.dataset.id}`;
}

const isNew = () => (selected()[0] ?? current())?.classList.contains("new");

const DOES = {
  j: () => go(1),
  k: () => go(-1),
  o: () => linkOf(current())?.click(),
  x: () => boxOf(current())?.click(),
  e: () => press("archive"),
  s: () => press("spam"),
  "#": () => press("trash"),
  d: () => press("trash"),
  u: () => press(isNew() ? "read" : "unread"),
  z: () => document.querySelector("[data-undo]")?.click(),
  "/": () => {
    const search = document.getElementById("q");
    if (isSeen(search)) search.focus();
    else location.assign(panes.dataset.inbox);
  },
  "?": () => keys?.showModal(),
};

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !(isOn() || event.key === "?")) return;
  const does = Object.hasOwn(DOES, event.key) && DOES[event.key];
  if (!does || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  does();
});

// After something was moved, the focus is where its row was.
const wanted = address.hash.startsWith(ROW) && address.hash.slice(ROW.length);
if (wanted && !open) linkOf(list?.querySelector(`[data-id="${CSS.escape(wanted)}"]`))?.focus();

// ---- What comes in meanwhile

const live = document.querySelector("[data-live]");
const title = document.title;
const badge = document.querySelector("[data-unread-of=inbox]");
const known = new Set(rows().map((row) => row.dataset.id));
let unread = Number(panes?.dataset.unread ?? 0);
let waiting = [];
let hasGap = false; // more came than one answer holds
let newest = live?.dataset.since;
let failures = 0;
let timer = 0;

function tell() {
  const more = hasGap ? "+" : "";
  document.title = unread ? `(${unread}${more}) ${title}` : title;
  if (!badge) return;
  let shown = badge.querySelector(".unread");
  if (unread && !shown) {
    shown = Object.assign(document.createElement("span"), { className: "unread" });
    shown.append("", Object.assign(document.createElement("span"), { className: "unseen", textContent: " unread" }));
    badge.append(shown);
  }
  if (shown) shown.firstChild.textContent = unread > 999 ? "999+" : `${unread}${more}`;
}

// Rows go in at the top by themselves where that moves nothing under a pointer, a finger or the focus.
const isBusy = () => list.matches(":hover, :focus-within") || rows().some((row) => boxOf(row)?.checked)
  || list.closest(".list-pane").scrollTop > 0 || (list.getBoundingClientRect().top < 0);

// What one does with rows stands on the page only where there are some, no row is missing between new and old ones, and
// no more stand on it than can be selected at once: a fresh page has all of that right.
const needsReload = () => document.querySelector("[data-empty]") || hasGap || rows().length + waiting.length > Number(live.dataset.most);
const isWriting = () => open || document.activeElement?.matches("input, textarea, select");

function show() {
  if (needsReload()) {
    location.reload();
    return;
  }
  for (const row of waiting.splice(0).reverse()) {
    list.prepend(row);
    row.dispatchEvent(new CustomEvent("added", { bubbles: true }));
  }
  live.querySelector("[data-show-new]").hidden = true;
}

function take(found, isCut) {
  const fresh = found.filter((row) => !known.has(row.dataset.id));
  if (!fresh.length) return;
  hasGap ||= isCut && fresh.length === found.length;
  for (const row of fresh) known.add(row.dataset.id);
  waiting = [...fresh, ...waiting];
  newest = [newest, ...fresh.map((row) => row.dataset.id)].sort().at(-1);
  unread += fresh.filter((row) => row.classList.contains("new")).length;
  tell();
  const count = `${waiting.length}${hasGap ? "+" : ""} new`;
  live.querySelector("[data-said]").textContent = count;
  const button = live.querySelector("[data-show-new]");
  button.textContent = `Show ${count}`;
  button.hidden = false;
  if (!isBusy() && !(needsReload() && isWriting())) show();
}

async function look() {
  if (document.hidden) return; // coming back to the tab looks at once
  try {
    const asked = new URL(live.dataset.live, location);
    asked.searchParams.set("since", newest);
    const answer = await fetch(asked, { headers: { accept: "text/html" }, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = [...page.querySelectorAll(".row")].map((row) => document.importNode(row, true));
    take(found, Boolean(page.querySelector("[data-more]")));
    failures = 0;
  } catch {
    failures += 1;
  }
  again();
}

function again() {
  clearTimeout(timer);
  const pause = Math.min(Number(live.dataset.pause ?? FIRST_PAUSE) * 2 ** failures, LONGEST_PAUSE);
  timer = setTimeout(look, pause);
}

tell();
if (live) {
  live.querySelector("[data-show-new]").addEventListener("click", () => {
    show();
    linkOf(rows()[0])?.focus();
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  again();
}
