/** Buttons that stand like the words of a text, and can be put into another order by hand or by keys. */
import { clamp } from "./kit.js";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * A button that is pulled, or moved by Shift and an arrow key, goes to another place: `move(from, to)` is told each step of
 * it, and puts what the buttons say into the new order; the buttons themselves stay. One that was pulled was not pressed.
 */
export function sortable(nodes, { move, signal }) {
  let held = null; // what is pulled: where it was, where it is, and where all were when it was taken
  const shown = () => nodes.filter((node) => !node.hidden);
  const under = ({ clientX, clientY }) => { // before it come the lines above, and what is to the left of it
    const y = clamp(clientY, Math.min(...held.boxes.map((box) => box.top)) + 1, Math.max(...held.boxes.map((box) => box.bottom)) - 1);
    return held.boxes.filter(({ left, right, top, bottom }, i) => (
      i !== held.from && (y > bottom || (y > top && clientX > (left + right) / 2)))).length;
  };
  nodes.forEach((node, i) => {
    node.addEventListener("keydown", (event) => {
      const by = STEPS[event.key];
      if (!by || !event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // without Shift, an arrow may go to the next one
      const to = clamp(i + by, 0, shown().length - 1);
      if (to === i) return;
      move(i, to);
      nodes[to].focus();
    }, { signal });
    node.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      held = { from: i, at: i, boxes: shown().map((each) => each.getBoundingClientRect()), moved: false };
      node.setPointerCapture(event.pointerId);
    }, { signal });
    const to = (place) => {
      if (place === held.at) return;
      move(held.at, place);
      Object.assign(held, { at: place, moved: true });
    };
    node.addEventListener("pointermove", (event) => { if (held) to(under(event)); }, { signal });
    node.addEventListener("pointercancel", () => { if (held) to(held.from); }, { signal }); // the browser took the gesture for one of its own
    node.addEventListener("click", (event) => { if (held?.moved && event.detail) event.stopImmediatePropagation(); }, { signal, capture: true });
    node.addEventListener("lostpointercapture", () => setTimeout(() => { held = null; }, 0), { signal }); // a click comes after it
  });
  return { held: () => held?.at };
}
