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
  themeButton.addEventListener("click", () => {
    const order = Object.keys(names);
    root.dataset.choice = order[(order.indexOf(root.dataset.choice) + 1) % order.length];
    try {
      localStorage.setItem("theme", root.dataset.choice);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
    showTheme();
  });
  dark.addEventListener("change", showTheme);
  showTheme();

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
