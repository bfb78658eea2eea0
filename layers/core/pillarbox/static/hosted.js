// A hosted form with a script: one page at a time, and fields that others ask for. Without it all of them stand one
// below the other, and the server asks only for what is to be asked.

const form = document.querySelector("form[data-hosted]");
const inputs = (part) => [...part.querySelectorAll("input, select, textarea")];
const isShown = (element) => !element.closest("[data-if][hidden]");

// Fields that wait for another one. What is hidden keeps what was typed, and is sent: the server passes over it.
const waiting = [...form.querySelectorAll("[data-if]")];
for (const hint of form.querySelectorAll("[data-condition]")) hint.hidden = true;

function answers(name) {
  const ticked = (input) => !["radio", "checkbox"].includes(input.type) || input.checked;
  return inputs(form).filter((input) => input.name === name && isShown(input) && ticked(input));
}

function isAsked(field) {
  const wanted = JSON.parse(field.dataset.is);
  const given = answers(field.dataset.if);
  if (wanted === false) return !given.length && inputs(form).some((input) => input.name === field.dataset.if && isShown(input));
  if (wanted === true) return given.length > 0;
  return given.some(({ value }) => {
    const text = value.trim();
    return typeof wanted === "number" ? text !== "" && Number(text) === wanted : text === wanted;
  });
}

function ask() {
  for (const field of waiting) {
    field.hidden = !isAsked(field);
    for (const input of field.querySelectorAll("[data-required]")) input.required = !field.hidden;
  }
  for (const group of form.querySelectorAll("[data-some]")) {
    const [first, ...others] = inputs(group);
    first.setCustomValidity([first, ...others].some((input) => input.checked) ? "" : group.dataset.some);
  }
}

// Pages of the form. One whose fields all wait in vain is passed over.
const all = [...form.querySelectorAll("[data-step]")];
const back = form.querySelector("[data-back]");
const next = form.querySelector("[data-next]");
const send = form.querySelector("[data-send]");
const steps = () => all.filter((step) => inputs(step).some((input) => input.type !== "hidden" && isShown(input)));
let open = null; // the page that is shown
let furthest = 1; // that anybody came to, of all of them: pages are counted once each, by their own number

function draw() {
  ask();
  if (!open) return;
  const now = steps();
  if (!now.includes(open)) open = now[0] ?? all[0];
  const at = now.indexOf(open);
  for (const step of all) step.hidden = step !== open;
  const progress = open.querySelector(".progress");
  const words = progress.querySelector("[data-progress]");
  words.textContent = words.dataset.progress.replace("{page}", at + 1).replace("{pages}", now.length);
  Object.assign(progress.querySelector("progress"), { value: at + 1, max: now.length });
  back.hidden = at <= 0;
  next.hidden = at >= now.length - 1;
  send.hidden = !next.hidden;
}

function turn(step) {
  if (!step) return;
  open = step;
  draw();
  open.focus();
  open.scrollIntoView({ block: "nearest" });
  const at = all.indexOf(open) + 1;
  if (at > furthest) tell("page", furthest = at);
}

const wrong = (part) => inputs(part).find((input) => isShown(input) && !input.validity.valid);

function complain(input) {
  const step = input.closest("[data-step]");
  if (step && step !== open) turn(step);
  input.reportValidity();
}

function forward() {
  const bad = wrong(open);
  if (bad) return complain(bad);
  const now = steps();
  return turn(now[now.indexOf(open) + 1]);
}

if (all.length) {
  for (const step of all) step.querySelector(".progress").hidden = false;
  open = form.querySelector("[aria-invalid=true]")?.closest("[data-step]") ?? all[0];
  next.addEventListener("click", forward);
  back.addEventListener("click", () => { const now = steps(); turn(now[now.indexOf(open) - 1]); });
}

// A link of the summary leads to a field, also on a page that isn't shown.
document.querySelector(".summary")?.addEventListener("click", (event) => {
  const target = document.getElementById(event.target.closest("a")?.hash.slice(1) ?? "");
  if (!target) return;
  event.preventDefault();
  const step = target.closest("[data-step]");
  if (step) turn(step);
  (target.matches("fieldset") ? inputs(target)[0] : target).focus();
});

// Browsers would also judge what is hidden, and then not say why nothing happens.
form.noValidate = true;
const status = form.querySelector("[data-sending]");
const PATIENCE = 10_000; // milliseconds: whoever stopped a slow request may send again
let sending = 0; // the timer until then
const rest = () => {
  clearTimeout(sending);
  sending = 0;
  status.textContent = "";
};
form.addEventListener("submit", (event) => {
  ask();
  const bad = next && !next.hidden ? wrong(open) : wrong(form);
  const early = Boolean(next && !next.hidden); // Enter on a page that isn't the last
  if (!bad && !early && !sending) {
    setTimeout(() => { if (!event.defaultPrevented) sending = setTimeout(rest, PATIENCE); });
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (bad) complain(bad);
  else if (early) forward();
  else status.textContent = status.dataset.sending;
});
addEventListener("pageshow", () => { rest(); draw(); });

// Counted are views, starts and pages that were reached, and nothing of who it was; nobody who asks for that.
const unwatched = navigator.globalPrivacyControl || navigator.doNotTrack === "1";
const from = document.referrer ? new URL(document.referrer).host : "";
function tell(what, page = 1) {
  if (!form.dataset.visits || unwatched) return;
  navigator.sendBeacon(form.dataset.visits, JSON.stringify({ what, page, from: what === "view" ? from : undefined }));
}
form.addEventListener("input", () => tell("start"), { once: true });
form.addEventListener("input", draw);

draw();
form.querySelector("[autofocus]")?.focus();
tell("view");
