// The two inputs of the colour follow one another. Without this the one that was changed counts.
const picked = document.getElementById("appearance-accent-picked");
const typed = document.getElementById("appearance-accent");

picked?.addEventListener("input", () => { typed.value = picked.value; });
function follow() {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(typed.value.trim())?.[1].toLowerCase();
  if (digits) picked.value = `#${digits.length === 6 ? digits : [...digits].map((one) => one + one).join("")}`;
  else if (!typed.value.trim()) picked.value = typed.placeholder;
}
typed?.addEventListener("input", follow);
if (typed) follow(); // it may have been typed before this was there
