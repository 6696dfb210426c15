/** What is too large for a page is fetched when the reader asks for it: until then a door stands in the explorer's place. */
import { button, h, setAttr, setHidden, setText } from "./kit.js";

/** `render`, behind a door if a trait is only the name of a file yet; `words(get)` tells what is behind it. */
export function behindDoor(render, { slug, traits }, words) {
  return ({ model, el }) => {
    const name = Object.keys(traits).find((each) => model.get(each)?.file);
    if (!name) return render({ model, el });
    const life = new AbortController();
    const { signal } = life;
    const line = h("p", { role: "status" });
    const far = h("progress", { "aria-label": "Fetched", max: 1, hidden: true });
    const waits = (on) => {
      setAttr(open, "aria-disabled", on ? "true" : null);
      setHidden(far, !on);
    };
    const open = button(`Open it (${Math.ceil(model.get(name).sent / 1000)} kB)`, { signal, onClick: async () => {
      if (open.hasAttribute("aria-disabled")) return;
      waits(true);
      far.removeAttribute("value");
      setText(line, "");
      try {
        await model.fetch(name, (share) => { far.value = share; }, signal);
      } catch (error) {
        waits(false);
        setText(line, `It did not arrive (${error.message}). Press the button to try again.`);
        return;
      }
      if (signal.aborted) return;
      const focused = door.contains(document.activeElement);
      close();
      close = render({ model, el });
      if (focused) el.querySelector(".attn-main :is(input, button)")?.focus({ preventScroll: true });
    } });
    const door = h("div", { class: "attn attn-door" }, h("p", {}, words((each) => model.get(each))), h("div", { class: "attn-row" }, open, far), line);
    el.append(door);
    if (location.hash.startsWith(`#${slug}-`)) el.scrollIntoView(); // a link to a state of it: the reader is to see where
    let close = () => door.remove();
    return () => {
      life.abort();
      close();
    };
  };
}
