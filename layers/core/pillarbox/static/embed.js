// Puts a Pillarbox form into this page: where the script stands (data-form), behind a button of its own (data-popup), or
// behind whatever has data-pillarbox with the id of a form. docs/hosted.md tells how.
(() => {
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const frames = new Map();

  const make = (id, query, inDialog) => {
    const frame = document.createElement("iframe");
    frame.src = `${home}/f/${id}?embed=1${query ? `&${query}` : ""}`;
    Object.assign(frame.style, { display: "block", width: "100%", height: "480px", border: 0 });
    frames.set(frame, { id, dialog: inDialog });
    // A browser that may not show it says so only to people: without a word of the form's, a link leads there.
    frame.addEventListener("load", () => setTimeout(() => {
      if (frame.title || !frame.isConnected) return;
      const link = Object.assign(document.createElement("a"), { href: `${home}/f/${id}`, target: "_blank" });
      link.textContent = script.dataset.link || link.href;
      frame.replaceWith(link);
    }, 3000));
    return frame;
  };

  const opened = new Map();
  const open = (id, query) => {
    let dialog = opened.get(id);
    if (!dialog) {
      dialog = document.createElement("dialog");
      Object.assign(dialog.style, {
        width: "min(640px, 100vw - 32px)", maxHeight: "calc(100dvh - 32px)", padding: 0, border: 0, borderRadius: "12px",
        overflow: "auto",
      });
      const close = Object.assign(document.createElement("button"), { type: "button", textContent: "×", ariaLabel: "Close" });
      Object.assign(close.style, {
        position: "absolute", insetBlockStart: 0, insetInlineEnd: 0, width: "44px", height: "44px", border: 0,
        background: "none", color: "inherit", font: "24px/1 system-ui", cursor: "pointer",
      });
      close.onclick = () => dialog.close();
      dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };
      dialog.append(make(id, query, dialog), close);
      document.body.append(dialog);
      opened.set(id, dialog);
    }
    dialog.showModal();
  };

  addEventListener("message", (event) => {
    if (event.origin !== home) return;
    const [frame, its] = [...frames].find(([one]) => one.contentWindow === event.source) ?? [];
    const said = event.data;
    if (!frame || said?.pillarbox !== its.id) return;
    if (said.title) frame.title = said.title;
    if (said.height > 0) frame.style.height = `${said.height}px`;
    if (said.close && its.dialog) {
      its.dialog.ariaLabel = said.title;
      its.dialog.lastChild.ariaLabel = said.close;
    }
    if (said.closes) its.dialog?.close();
    if (!said.sent) return;
    const detail = { form: its.id, next: said.next };
    const stays = !frame.dispatchEvent(new CustomEvent("pillarbox:sent", { bubbles: true, cancelable: true, detail }));
    if (its.dialog) its.dialog.onclose = () => { its.dialog.remove(); opened.delete(its.id); frames.delete(frame); };
    if (!stays && /^https?:\/\//.test(said.next)) location.assign(said.next);
  });

  addEventListener("click", (event) => {
    const asked = event.target.closest?.("[data-pillarbox]");
    if (!asked || event.defaultPrevented) return;
    event.preventDefault();
    open(asked.dataset.pillarbox, asked.dataset.query);
  });

  const { form, popup, query } = script.dataset;
  if (!form) return;
  if (popup === undefined) return script.after(make(form, query));
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: popup });
  button.onclick = () => open(form, query);
  script.after(button);
})();
