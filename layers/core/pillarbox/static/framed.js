// A form in a frame tells the page around it how high it is, when it was sent, and that it wants to be closed. It says
// nothing of what was typed, and hears nothing.

const { form, close } = document.documentElement.dataset;
const main = document.querySelector("main");
const tell = (said) => parent.postMessage({ pillarbox: form, ...said }, "*");

if (parent !== window) {
  tell({ title: document.title, close });
  new ResizeObserver(() => tell({ height: Math.ceil(document.body.getBoundingClientRect().height) })).observe(document.body);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) tell({ closes: true });
  });
  if ("sent" in main.dataset) {
    document.querySelector("h1").focus();
    tell({ sent: true, next: main.dataset.leadsTo ?? "" });
  }
}
