// The few things of a page that need a script. Everything can be read, opened and reached without it.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Theme: as the system, light, dark. The choice is remembered; the effective theme is `data-theme`.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const themeButton = document.querySelector(".theme-button");
  const names = { auto: "as the system", light: "light", dark: "dark" };
  const showTheme = () => {
    const choice = root.dataset.choice;
    root.dataset.theme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    themeButton.setAttribute("aria-label", `Colours: ${names[choice]}`);
    themeButton.title = `Colours: ${names[choice]}`;
  };
  // The first press always changes what one sees; the choice that looks like the system's comes after it.
  themeButton.addEventListener("click", () => {
    const order = dark.matches ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
    root.dataset.choice = order[(order.indexOf(root.dataset.choice) + 1) % order.length];
    try {
      localStorage.setItem("theme", root.dataset.choice);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
    showTheme();
  });
  // The choice made on another page of the book, open beside this one.
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== "theme") return;
    root.dataset.choice = newValue in names ? newValue : "auto";
    showTheme();
  });
  dark.addEventListener("change", showTheme);
  showTheme();

  // Once somebody reads, the heights of sections are no longer guessed: all are laid out, one at a time when there is
  // nothing else to do, and at once if a link leads into the page.
  const whole = () => root.classList.add("whole");
  const guessed = all(".prose > section > section");
  const idle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 50));
  const layOut = () => {
    const section = guessed.shift();
    if (!section || root.classList.contains("whole")) return whole();
    section.style.contentVisibility = "visible";
    idle(layOut);
  };
  addEventListener("scroll", () => idle(layOut), { passive: true, once: true });
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (link?.hash && link.pathname === location.pathname) whole();
  }, { capture: true });

  // Reload and Back lead to the line that was at the top. A browser scrolls before explorers and fonts have come, which
  // move the text; here the line is held until the reader moves.
  const blocks = all("main :is(h1, h2, h3, h4, p, li, dt, pre, tr, figure, .explorer, .equation)");
  const key = `place ${globalThis.navigation?.currentEntry?.key ?? location.pathname}`;
  addEventListener("pagehide", () => {
    const bar = document.querySelector(".bar").offsetHeight;
    const at = blocks.findIndex((block) => block.getBoundingClientRect().bottom > bar);
    try {
      sessionStorage.setItem(key, JSON.stringify([at, at < 0 || !scrollY ? null : blocks[at].getBoundingClientRect().top]));
    } catch {
      // Without storage the browser's own way has to do.
    }
  });
  const returnTo = (at, top) => {
    const hold = () => scrollBy({ top: blocks[at].getBoundingClientRect().top - top, behavior: "instant" });
    const sizes = new ResizeObserver(hold);
    const moves = ["wheel", "touchstart", "keydown", "pointerdown"];
    const release = () => {
      sizes.disconnect();
      moves.forEach((event) => removeEventListener(event, release));
      history.scrollRestoration = "auto";
    };
    history.scrollRestoration = "manual";
    sizes.observe(document.querySelector("main"));
    moves.forEach((event) => addEventListener(event, release, { passive: true }));
    setTimeout(release, 5000);
  };
  if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") {
    try {
      const [at, top] = JSON.parse(sessionStorage.getItem(key));
      if (blocks[at] && top !== null) returnTo(at, top);
    } catch {
      // Nothing was kept.
    }
  }

  // `/` and Ctrl+K lead to the search field.
  const field = document.querySelector('input[type="search"]');
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.('input:not([type="range"], [type="checkbox"]), textarea, select, [contenteditable="true"]');
    const asked = event.key === "k" ? event.ctrlKey || event.metaKey : event.key === "/" && !typing && !event.ctrlKey;
    if (!asked || event.altKey) return;
    event.preventDefault();
    if (field.checkVisibility()) field.select();
    else document.querySelector(".search-link").click();
  });

  // Left and right turn the page, unless they mean something to what has the focus.
  const own = "input, textarea, select, summary, [contenteditable], [role], .explorer-live, [tabindex], :popover-open";
  addEventListener("keydown", (event) => {
    const link = document.querySelector({ ArrowLeft: ".before", ArrowRight: ".after" }[event.key] ?? "not-a-tag");
    const held = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat;
    if (!link || held || event.defaultPrevented || event.target.closest?.(`:is(${own}):not(main)`)) return;
    if (!document.querySelector(":popover-open")) link.click();
  });

  // The two menus of a narrow screen are popovers, which open without a script; here the rest waits while one is open.
  const menus = all("[popover]");
  for (const menu of menus) {
    const hold = (held) => all("main, .foot, .skip, .bar > *").forEach((other) => (other.inert = held));
    // Let go before it closes, so that the focus can return to the button that opened it.
    menu.addEventListener("beforetoggle", (event) => event.newState === "closed" && hold(false));
    menu.addEventListener("toggle", (event) => {
      if (event.newState === "closed") {
        if (document.activeElement === document.body) document.querySelector(`[popovertarget="${menu.id}"]`).focus();
        return;
      }
      hold(true);
      (menu.querySelector("[aria-current]") ?? menu.querySelector("a")).focus();
    });
    menu.addEventListener("click", (event) => event.target.closest("a") && menu.matches(":popover-open") && menu.hidePopover());
  }
  const wide = [matchMedia("(min-width: 64rem)"), matchMedia("(min-width: 82rem)")];
  for (const query of wide)
    query.addEventListener("change", () => menus.forEach((menu) => menu.matches(":popover-open") && menu.hidePopover()));

  // Which section is being read: the last one that reaches into the top quarter of the window.
  const links = new Map(all(".sections a").map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const seen = new Set();
  const spy = new IntersectionObserver((entries) => {
    entries.forEach(({ target, isIntersecting }) => (isIntersecting ? seen.add(target.id) : seen.delete(target.id)));
    const read = [...links.keys()].filter((id) => seen.has(id)).pop();
    links.forEach((link, id) => id === read ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current"));
  }, { rootMargin: "0px 0px -75% 0px" });
  [...links.keys()].map((id) => document.getElementById(id)).forEach((section) => section && spy.observe(section));

  // What scrolls sideways can be reached and scrolled by keyboard, and says what it is.
  const label = (box) => box.dataset.label ?? (box.matches("pre") ? "Code" : "Table");
  const reach = (box) => {
    const scrolls = box.scrollWidth > box.clientWidth;
    if (scrolls === box.hasAttribute("tabindex")) return;
    if (!scrolls) ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
    else for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", label(box)]]) box.setAttribute(name, value);
  };
  const boxes = all(".scrolls, .output.text_html, .highlight pre");
  const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => reach(target)));
  boxes.forEach((box) => resized.observe(box));
  // A font that comes late makes a formula wider, and its box stays as it is.
  document.fonts.addEventListener("loadingdone", () => {
    for (const box of boxes) if (box.checkVisibility({ contentVisibilityAuto: true })) reach(box);
  });

  // Copy buttons, where the reader is: what is far away has no layout yet, and a button there would have no place.
  const addCopy = (block) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", "Copy this code");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(block.querySelector("pre").textContent.trimEnd());
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(block.querySelector("pre"));
        button.textContent = "Selected";
      }
      setTimeout(() => (button.textContent = "Copy"), 1600);
    });
    block.append(button);
  };
  const near = new IntersectionObserver((changes) => {
    for (const { isIntersecting, target } of changes) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      addCopy(target);
    }
  }, { rootMargin: "100% 0%" });
  for (const block of all(".cell_input .highlight, div[class*=highlight-]:not(.output) > .highlight")) near.observe(block);

  // A link into something folded opens it; print opens everything, then folds it again.
  const unfold = () => {
    let box = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (; box; box = box.parentElement) if (box.matches("details")) box.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    folded.forEach((box) => (box.open = true));
  });
  addEventListener("afterprint", () => folded.forEach((box) => (box.open = false)));
})();
