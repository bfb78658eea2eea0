// Passwords: a button that shows what was typed, and a hint of how soon it would be guessed. Nothing is sent anywhere.

for (const button of document.querySelectorAll("button[data-show]")) {
  const input = document.getElementById(button.dataset.show);
  button.hidden = false;
  button.setAttribute("aria-controls", input.id);
  button.setAttribute("aria-label", "Show what was typed");
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.textContent = shown ? "Hide" : "Show";
    button.setAttribute("aria-pressed", String(shown));
    input.focus();
  });
  // A browser keeps what was typed as text.
  input.form.addEventListener("submit", () => { input.type = "password"; });
}

const WORDS = ["Among the commonest passwords: it is tried first.", "Weak: a few more words would help.", "Fair.", "Strong."];

// Runs of a letter, of the alphabet or of the keyboard count as one character.
const ROWS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
function withoutRuns(text) {
  let kept = "";
  for (let at = 0; at < text.length; at += 1) {
    const pair = text.slice(at - 1, at + 1).toLowerCase();
    const back = [...pair].reverse().join("");
    const run = at > 0 && (pair[0] === pair[1] || ROWS.some((row) => row.includes(pair) || row.includes(back)));
    if (!run) kept += text[at];
  }
  return kept;
}

function bits(text) {
  const kinds = [[/[a-z]/u, 26], [/[A-Z]/u, 26], [/[0-9]/u, 10], [/[^a-zA-Z0-9]/u, 33]];
  const alphabet = kinds.reduce((sum, [kind, size]) => sum + (kind.test(text) ? size : 0), 0);
  const kept = withoutRuns(text);
  // Words are guessed as wholes: a letter of a long one is worth less than a random one.
  return new Set(kept).size < 3 ? 0 : kept.length * Math.log2(alphabet || 1) * 0.6;
}

function level(text, common) {
  if (common.has(text.toLowerCase())) return 0;
  const strength = bits(text);
  return text.length < 8 || strength < 32 ? 1 : strength < 50 ? 2 : 3;
}

for (const hint of document.querySelectorAll("[data-strength]")) {
  const input = hint.closest("[data-password]").querySelector("input");
  let common = new Set();
  let asked = false;
  const show = () => {
    const found = input.value ? level(input.value, common) : null;
    hint.textContent = found === null ? "" : WORDS[found];
    hint.dataset.level = found === null ? "" : String(found);
  };
  input.addEventListener("input", async () => {
    show();
    if (asked) return;
    asked = true;
    const answer = await fetch(hint.dataset.common);
    if (answer.ok) common = new Set((await answer.text()).split("\n"));
    show();
  });
}
