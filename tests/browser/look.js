// What tests ask of a page that is open. Returns functions by name; each returns sentences about what is wrong.
(() => {
  const INTERACTIVE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable]";
  const WRITTEN = "p, h1, h2, h3, h4, li, dt, dd, td, th, label, button, a, span, code, pre, legend, summary, input, select, textarea, img, svg";

  // How a person would name it.
  const named = (one) => {
    const words = one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent || one.name || one.title || "";
    const short = words.trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${one.localName}${one.id ? ` id=${one.id}` : ""}${one.className && one.className.baseVal === undefined ? ` class="${one.className}"` : ""}>${short ? ` “${short}”` : ""}`;
  };
  const shown = (one) => one.checkVisibility({ opacityProperty: false, visibilityProperty: true }) && !one.closest("[inert]");
  // For people's eyes too: what is only there for screen readers is one pixel large, or clipped away.
  const seen = (one) => {
    const box = one.getBoundingClientRect();
    return shown(one) && box.width > 1 && box.height > 1 && !one.closest("[aria-hidden=true], .unseen");
  };
  // Its own box, or that of the label which is clicked instead.
  const target = (one) => (["checkbox", "radio"].includes(one.type) && one.closest("label")) || one;

  // In the order of Tab: of radio buttons with one name, the browser stops at one.
  const stops = () => {
    const groups = new Set();
    return [...document.querySelectorAll(INTERACTIVE)].filter((one) => {
      if (one.tabIndex < 0 || one.disabled || !shown(one)) return false;
      if (one.type !== "radio") return true;
      const group = `${one.form?.action} ${[...document.forms].indexOf(one.form)} ${one.name}`;
      return !groups.has(group) && groups.add(group);
    });
  };

  // What shows that an element has the focus: its outline, or that of what stands around, behind or over it.
  const ring = (one) => {
    const near = [one, one.nextElementSibling, one.closest("label"), one.parentElement, one.closest("li, tr, .field, .row")];
    return near.filter(Boolean).some((element) => ["", "::before", "::after"].some((part) => {
      const style = getComputedStyle(element, part || null);
      const drawn = !part || style.content !== "none";
      return drawn && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !/^rgba\(.*, 0\)$/.test(style.outlineColor);
    }));
  };

  // The next Tab begins at the page's start, wherever the focus was.
  const fromTheStart = () => {
    const start = document.createElement("span");
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus({ preventScroll: true });
    start.remove();
    scrollTo(0, 0);
  };

  return {
    structure() {
      const wrong = [];
      const headings = document.querySelectorAll("h1").length;
      if (headings !== 1) wrong.push(`it has ${headings} h1, and needs one`);
      if (!document.documentElement.lang) wrong.push("its language isn't told: <html lang>");
      if (document.querySelectorAll("main").length !== 1) wrong.push("it needs one <main>");
      if (!document.title.trim()) wrong.push("it has no title");
      if (/undefined|None|\{\{|\}\}|\[object/.test(document.title)) wrong.push(`its title is “${document.title}”`);
      return wrong;
    },

    // `width`: of the window. Whatever scrolls inside a box of its own is no matter.
    layout(width) {
      const wrong = [];
      const whole = document.documentElement.scrollWidth;
      if (whole > width) wrong.push(`it is ${whole} px wide in a window of ${width}`);
      const scrolls = (one) => {
        for (let up = one.parentElement; up && up !== document.body; up = up.parentElement)
          if (getComputedStyle(up).overflowX !== "visible") return true;
        return false;
      };
      for (const one of document.querySelectorAll(WRITTEN)) {
        const box = one.getBoundingClientRect();
        if (seen(one) && (box.right > width + 1 || box.left < -1) && getComputedStyle(one).position !== "fixed" && !scrolls(one))
          wrong.push(`${named(one)} reaches from ${Math.round(box.left)} to ${Math.round(box.right)} px in a window of ${width}`);
      }
      return wrong.slice(0, 5);
    },

    // What a thumb aims at, by look.md: links inside sentences are no targets of their own.
    thumbs() {
      const main = "button, .button, input:not([type=hidden]), select, textarea, nav a, summary";
      return [...document.querySelectorAll(main)].filter((one) => seen(target(one)) && !one.disabled)
        .map((one) => [one, target(one).getBoundingClientRect()])
        .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
        .map(([one, box]) => `${named(one)} is ${Math.round(box.width)} × ${Math.round(box.height)} px, too small for a thumb`);
    },

    motion(most) {
      const seconds = (text) => Math.max(...text.split(",").map((one) => parseFloat(one) * (one.trim().endsWith("ms") ? 1 : 1000)));
      return [...document.querySelectorAll("*")].flatMap((one) => {
        const style = getComputedStyle(one);
        const moves = Math.max(seconds(style.transitionDuration), style.animationName === "none" ? 0 : seconds(style.animationDuration));
        return moves > most ? [`${named(one)} moves for ${moves} ms, and may for ${most}`] : [];
      }).slice(0, 5);
    },

    // Begin to note where Tab leads; `around` tells whether it was everywhere, and `walked` what is wrong with that.
    walk() {
      fromTheStart();
      const noted = window.walkNoted = [];
      document.addEventListener("focusin", ({ target }) => {
        const box = target.getBoundingClientRect();
        const over = [0.1, 0.5, 0.9].map((part) => document.elementFromPoint(box.left + box.width / 2, box.top + box.height * part));
        const isOver = (one) => one && !target.contains(one) && !one.contains(target) && !one.closest("label")?.contains(target);
        const covered = box.width > 1 && over.every(isOver) && named(over[1]);
        noted.push({ one: target, ring: ring(target), away: box.bottom <= 0 || box.top >= innerHeight, covered });
      });
      return stops().length;
    },

    around() {
      const noted = window.walkNoted;
      return noted.some(({ one }, n) => n && one === noted[0].one && noted[n - 1].one !== one);
    },

    fromTheStart,

    walked() {
      const noted = window.walkNoted;
      const wrong = [];
      const round = noted.findIndex(({ one }, n) => n && one === noted[0].one && noted[n - 1].one !== one);
      const once = round < 0 ? noted : noted.slice(0, round);
      const reached = new Set(once.map(({ one }) => one));
      const radio = (one) => one.type === "radio" && once.some((other) => other.one.type === "radio" && other.one.name === one.name);
      for (const one of stops())
        if (!reached.has(one) && !radio(one)) wrong.push(`Tab never comes to ${named(one)}`);
      const few = new Set(noted.slice(-6).map(({ one }) => one)).size;
      if (noted.length > 12 && few < 3 && reached.size < stops().length) wrong.push(`Tab stays at ${named(noted.at(-1).one)}`);
      once.forEach(({ one, ...at }, n) => {
        if (one.tabIndex > 0) wrong.push(`${named(one)} has a tabindex above 0`);
        if (n && once[n - 1].one.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING)
          wrong.push(`Tab leads back, from ${named(once[n - 1].one)} to ${named(one)}`);
        if (!at.ring) wrong.push(`nothing shows that ${named(one)} has the focus`);
        if (at.away) wrong.push(`${named(one)} has the focus out of sight`);
        if (at.covered) wrong.push(`${named(one)} has the focus under ${at.covered}`);
      });
      return wrong;
    },

    // After a walk by Tab, so that the browser shows where the focus is.
    rings() {
      return stops().filter((one) => { one.focus(); return !ring(one); })
        .map((one) => `nothing shows that ${named(one)} has the focus`);
    },

    // Without scripts: what can be seen does something.
    idle() {
      const wrong = [];
      for (const one of document.querySelectorAll("button, input[type=button], [role=button]")) {
        if (!seen(one) || one.disabled) continue;
        const does = one.type === "submit" ? one.form : one.type === "reset" || one.popoverTargetElement || one.hasAttribute("commandfor");
        if (!does) wrong.push(`${named(one)} does nothing without JavaScript, and can be seen`);
      }
      for (const one of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
        if (seen(one) && !one.form && !one.readOnly) wrong.push(`${named(one)} belongs to no form`);
      for (const one of document.querySelectorAll("a:not([href]), [onclick], [draggable=true]"))
        if (seen(one)) wrong.push(`${named(one)} does nothing without JavaScript, and can be seen`);
      for (const form of document.forms)
        if ([...form.elements].some((one) => one.type !== "hidden" && seen(one)) && ![...form.elements].some((one) => (one.type === "submit" || one.disabled) && !one.closest("[hidden]")))
          wrong.push(`the form to ${form.getAttribute("action")} has no button that sends it`);
      return wrong;
    },

    // What the words in the world of the tour try to do.
    ran: () => (window.ran === undefined ? [] : ["a script that somebody typed has run"]),

    words: () => document.querySelector("main")?.innerText.trim().length ?? 0,
    forms: () => [...document.querySelectorAll("main form")].map((form) => `${form.method} ${form.getAttribute("action") ?? ""}`),
  };
})()
