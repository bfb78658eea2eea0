// Solves the ALTCHA challenge of a hosted form: proof of work in place of a puzzle. Begins when somebody begins to
// write, so it is mostly done by the time they send.

const TOGETHER = 16; // tries under way at once: the browser spreads them over its processors
const FRESH = 50 * 60 * 1000; // milliseconds; a challenge is good for an hour

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function derive({ nonce, salt, cost, keyLength }, counter) {
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  new DataView(password.buffer).setUint32(password.length - 4, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  return hex(await crypto.subtle.deriveBits(how, key, keyLength * 8));
}

async function solve(url) {
  const challenge = await (await fetch(url, { headers: { accept: "application/json" } })).json();
  for (let first = 0; ; first += TOGETHER) {
    const counters = Array.from({ length: TOGETHER }, (_, n) => first + n);
    const keys = await Promise.all(counters.map((counter) => derive(challenge.parameters, counter)));
    const hit = keys.findIndex((key) => key.startsWith(challenge.parameters.keyPrefix));
    if (hit >= 0) {
      const solution = { counter: counters[hit], derivedKey: keys[hit] };
      return btoa(JSON.stringify({ challenge, solution }));
    }
  }
}

for (const form of document.querySelectorAll("form[data-altcha]")) {
  if (!globalThis.crypto?.subtle) continue; // not over https: the server says what is missing
  const status = form.querySelector("[data-altcha-status]");
  const input = Object.assign(document.createElement("input"), { type: "hidden", name: "altcha" });
  let solving = null;
  let begun = 0;
  let sending = false;
  const begin = () => {
    if (solving && Date.now() - begun < FRESH) return solving;
    begun = Date.now();
    solving = solve(form.dataset.altcha);
    solving.catch(() => { solving = null; }); // the next try asks for another challenge
    return solving;
  };
  form.append(input);
  form.addEventListener("input", () => begin().catch(() => {}));
  form.addEventListener("submit", async (event) => {
    if (input.value) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    status.textContent = status.dataset.altchaStatus;
    try {
      input.value = await begin();
    } catch {
      input.value = "-"; // the server says that it didn't pass, and keeps what was typed
    }
    // In a task of its own: while the form still tells of this try, it doesn't begin another.
    setTimeout(() => {
      sending = false;
      form.requestSubmit(event.submitter);
    });
  });
  // Whoever comes back to a page that was sent needs another solution: each counts once.
  addEventListener("pageshow", () => { input.value = status.textContent = ""; solving = null; });
}
