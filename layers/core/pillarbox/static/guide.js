// The guide looks by itself whether the first submission has come, less and less often, and only while somebody looks.
const FIRST = 2500, SLOWEST = 20000, GIVE_UP = 30 * 60 * 1000; // milliseconds
const began = Date.now();
let pause = FIRST;

async function look() {
  const guide = document.querySelector("[data-guide]");
  if (!guide || guide.querySelector(".arrived")) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  const page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page && page.querySelector("[data-guide]");
  if (fresh && fresh.dataset.guide !== guide.dataset.guide) {
    const place = document.createElement("div"); // is there before what it tells, so that it is read aloud
    place.setAttribute("aria-live", "polite");
    guide.replaceWith(place);
    place.append(document.adoptNode(fresh));
    show();
    const told = [...page.querySelectorAll("[data-fresh]")]; // what else on the page the submission has changed
    document.querySelectorAll("[data-fresh]").forEach((old, n) => told[n] && old.replaceWith(document.adoptNode(told[n])));
    for (const stale of document.querySelectorAll("[data-stale], [data-empty]")) stale.hidden = true;
  }
}

function show() {
  for (const waiting of document.querySelectorAll("[data-guide-waiting]")) waiting.hidden = false;
  for (const again of document.querySelectorAll("[data-guide-again]")) again.hidden = true;
}

function later() {
  if (Date.now() - began > GIVE_UP || !document.querySelector("[data-guide-waiting]")) return;
  setTimeout(async () => {
    if (!document.hidden) await look().catch(() => {});
    pause = Math.min(pause * 1.1, SLOWEST);
    later();
  }, pause);
}

// Whoever comes back from the form that they tried wants to know at once.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  pause = FIRST;
  look().catch(() => {});
});

show();
later();
