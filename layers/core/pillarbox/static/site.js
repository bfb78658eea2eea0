// Small comforts. Every page does its work without this file.

// Times are sent in UTC; here they are told in the reader's own time zone.
const today = new Date().toDateString();
function tellTimes(within) {
  for (const time of within.querySelectorAll("time[data-shown]")) tellTime(time);
}
function tellTime(time) {
  const moment = new Date(time.dateTime);
  const long = { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit" };
  const short = moment.toDateString() === today
    ? { hour: "2-digit", minute: "2-digit" }
    : { day: "numeric", month: "short", ...(moment.getFullYear() !== new Date().getFullYear() && { year: "numeric" }) };
  const inWords = (options) => new Intl.DateTimeFormat("en-GB", options).format(moment).replace(" at ", ", ");
  time.textContent = inWords(time.dataset.shown === "long" ? long : short);
  time.title = inWords(long);
}
tellTimes(document);
document.addEventListener("added", (event) => tellTimes(event.target)); // by another script

// A button that copies the text of the element it names.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const words = button.querySelector("span");
  const before = words.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    words.textContent = "Copied";
    setTimeout(() => { words.textContent = before; }, 2000);
  });
}

// One box that ticks all rows of a list.
for (const all of document.querySelectorAll("input[data-all]")) {
  const rows = () => [...all.form.querySelectorAll("input[type=checkbox][data-row]")];
  const show = () => {
    const ticked = rows().filter((row) => row.checked).length;
    all.checked = ticked > 0 && ticked === rows().length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.closest("[hidden]").hidden = false;
  all.addEventListener("change", () => { for (const row of rows()) row.checked = all.checked; });
  all.form.addEventListener("change", (event) => { if (event.target !== all) show(); });
  show();
}

// In a long list, the open row stands in sight, and so does the open tab where they don't all fit.
document.querySelector(".rows [aria-current]")?.scrollIntoView({ block: "center" });
for (const open of document.querySelectorAll(".tabs [aria-current], .form-nav [aria-current]")) open.scrollIntoView({ block: "nearest", inline: "center" });

// A menu closes on Escape, and when somebody goes elsewhere.
for (const menu of document.querySelectorAll("details[data-menu]")) {
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("focusout", (event) => { if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.firstElementChild.focus();
  });
}

// What is asked before something is done unfolds in its place; here it is a dialog, which keeps the focus until it is answered.
for (const ask of document.querySelectorAll("details[data-ask]")) {
  const dialog = document.createElement("dialog");
  const opener = ask.querySelector("summary");
  const heading = ask.querySelector("h2");
  heading.id ||= `asked-${Math.random().toString(36).slice(2)}`;
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.append(ask.querySelector(".ask-body"));
  ask.after(dialog);
  for (const close of dialog.querySelectorAll("[data-closes]")) {
    close.hidden = false;
    close.addEventListener("click", () => dialog.close());
  }
  opener.setAttribute("role", "button");
  opener.setAttribute("aria-haspopup", "dialog");
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  if (dialog.querySelector("[aria-invalid]")) dialog.showModal(); // what was answered came back with an error
}

for (const button of document.querySelectorAll("[data-dismiss]")) {
  button.hidden = false;
  button.addEventListener("click", () => button.closest("[data-toast]").remove());
}
