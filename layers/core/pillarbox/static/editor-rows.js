// The rows of the field editor are dragged, and moved by keyboard: Alt and an arrow. A move is a button of its form.

const form = document.getElementById("editor");
let dragged = null;

const rows = () => [...document.querySelectorAll("#list .field-row")];

function press(value) {
  const button = Object.assign(document.createElement("button"), { name: "do", value, hidden: true });
  form.append(button);
  form.requestSubmit(button);
  button.remove();
}

function addGrips() {
  for (const row of rows()) {
    if (row.querySelector(".grip")) continue;
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.title = "Drag to move. With the keyboard: Alt and an arrow.";
    row.prepend(grip);
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
  else if (rows().indexOf(row) !== from) press(`place:${row.dataset.key}:${rows().indexOf(row)}`);
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
  if (event.altKey) press(`${step < 0 ? "up" : "down"}:${row.dataset.key}`);
  else all[all.indexOf(row) + step]?.querySelector("button").focus();
});

form.addEventListener("shown", addGrips);
addGrips();
