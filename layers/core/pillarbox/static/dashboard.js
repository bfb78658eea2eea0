// Finding a form among those that are all on the page: while it is typed. More of them are found by the server.
const find = document.querySelector("form[data-find]");
if (find) {
  const cards = [...document.querySelectorAll(".form-card")];
  const none = document.querySelector("[data-none]");
  const filter = () => {
    const words = find.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const card of cards) {
      const name = card.querySelector("h2").textContent.toLowerCase();
      card.hidden = !words.every((word) => name.includes(word));
    }
    none.hidden = cards.some((card) => !card.hidden);
  };
  find.addEventListener("input", filter);
  find.addEventListener("submit", (event) => event.preventDefault());
  filter();
}
