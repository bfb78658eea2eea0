// Puts a Pillarbox form into a page of yours: docs/hosted.md tells how.
(() => {
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const { form, popup, query, link } = script.dataset;
  const frames = new Map(); // each with its form, and its dialog if it has one
  const dialogs = new Map(); // by form
  const make = (tag, said, style) => {
    const element = Object.assign(document.createElement(tag), said);
    Object.assign(element.style, style);
    return element;
  };

  const framed = (id, query, dialog) => {
    const { colorScheme } = getComputedStyle(dialog ?? script.parentElement);
    const page = document.querySelector("meta[name=color-scheme]")?.content ?? "";
    const schemes = (colorScheme === "normal" ? page : colorScheme).match(/light|dark/g) ?? ["light"];
    const src = `${home}/f/${id}?embed=${schemes[1] ? 1 : schemes[0]}${query ? `&${query}` : ""}`;
    const frame = make("iframe", { src }, { display: "block", width: "100%", height: "480px", border: 0 });
    frames.set(frame, { id, dialog });
    // Where the form may not be shown nothing is heard of it: then a link leads to it.
    frame.onload = () => setTimeout(() => {
      const href = `${home}/f/${id}`;
      if (!frame.title) frame.replaceWith(make("a", { href, target: "_blank", textContent: link || href }));
    }, 3000);
    return frame;
  };

  const open = (id, query) => {
    if (!dialogs.has(id)) {
      const dialog = make("dialog", {}, {
        width: "min(640px, 100vw - 32px)", maxHeight: "calc(100dvh - 32px)", border: 0,
        borderRadius: "12px", overflow: "auto",
      });
      const close = make("button", { type: "button", textContent: "×", ariaLabel: "Close" }, {
        position: "absolute", insetBlockStart: 0, insetInlineEnd: 0, width: "44px", height: "44px", border: 0,
        background: "none", color: "inherit", font: "24px/1 system-ui", cursor: "pointer",
      });
      dialog.onclick = ({ target }) => { if (target === dialog || target === close) dialog.close(); };
      document.body.append(dialog);
      dialog.append(framed(id, query, dialog), close);
      dialogs.set(id, dialog);
    }
    dialogs.get(id).showModal();
  };

  addEventListener("message", ({ origin, source, data: said }) => {
    if (origin !== home) return;
    const [frame, { id, dialog } = {}] = [...frames].find(([one]) => one.contentWindow === source) ?? [];
    if (!frame || said.pillarbox !== id) return;
    if (said.height) frame.style.height = `${said.height}px`;
    if (said.closes) dialog?.close();
    if (said.title) {
      frame.title = said.title;
      if (dialog) [dialog.ariaLabel, dialog.lastChild.ariaLabel] = [said.title, said.close];
    }
    if (!said.sent) return;
    if (dialog) dialog.onclose = () => { dialog.remove(); dialogs.delete(id); frames.delete(frame); };
    const told = { bubbles: true, cancelable: true, detail: { form: id, next: said.next } };
    const goes = frame.dispatchEvent(new CustomEvent("pillarbox:sent", told));
    if (goes && /^https?:/.test(said.next)) location.assign(said.next);
  });

  addEventListener("click", (event) => {
    const asked = event.target.closest("[data-pillarbox]");
    if (!asked || event.defaultPrevented) return;
    event.preventDefault();
    open(asked.dataset.pillarbox, asked.dataset.query);
  });

  if (!form) return;
  const button = make("button", { type: "button", textContent: popup, onclick: () => open(form, query) });
  script.after(popup ? button : framed(form, query));
})();
