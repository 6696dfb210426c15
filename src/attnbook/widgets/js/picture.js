/** A picture to save of what is on the screen: an SVG that needs nothing of the page. */
import { h } from "./kit.js";

const STROKES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "opacity"];

/** The drawing of these parts of `root`, with all that is seen in them, as the text of an SVG file. */
export function pictureOf(root, nodes, title) {
  const boxes = nodes.map((node) => node.getBoundingClientRect());
  const [left, top] = ["left", "top"].map((side) => Math.min(...boxes.map((box) => box[side])));
  const [right, bottom] = ["right", "bottom"].map((side) => Math.max(...boxes.map((box) => box[side])));
  const frame = { left, top, width: right - left, height: bottom - top };
  const edge = 8;
  const place = (box) => ({ x: box.left - frame.left + edge, y: box.top - frame.top + edge, width: box.width, height: box.height });
  const parts = [];
  const visit = (each) => {
    const style = getComputedStyle(each);
    if (each.matches(".attn-button")) return; // a picture has nothing to press
    if (style.visibility !== "visible" || style.opacity === "0" || !each.checkVisibility()) return;
    const at = place(each.getBoundingClientRect());
    if (at.width < 1.5 && at.height < 1.5 || style.clipPath !== "none") return; // only for those who listen
    if (each.tagName === "CANVAS") {
      parts.push(h("image", { ...at, href: each.toDataURL(), preserveAspectRatio: "none" }));
    } else if (each.tagName === "svg") {
      const copy = each.cloneNode(true);
      const originals = [...each.querySelectorAll("*")];
      [...copy.querySelectorAll("*")].forEach((part, i) => {
        const own = getComputedStyle(originals[i]);
        part.setAttribute("style", STROKES.map((name) => `${name}:${own.getPropertyValue(name)}`).join(";")
          + `;vector-effect:non-scaling-stroke;visibility:${own.visibility}`);
      });
      for (const [name, value] of Object.entries(at)) copy.setAttribute(name, value);
      parts.push(copy);
    } else {
      const turned = style.transform.startsWith("matrix") && each.offsetWidth && /^matrix\(0\.7/.test(style.transform);
      const ground = style.backgroundColor;
      const line = parseFloat(style.borderTopWidth) || 0;
      if (ground !== "rgba(0, 0, 0, 0)" || line) {
        const [w, t] = turned ? [each.offsetWidth, each.offsetHeight] : [at.width, at.height];
        const [x, y] = [at.x + (at.width - w) / 2, at.y + (at.height - t) / 2];
        const radius = style.borderRadius.endsWith("%") ? w / 2 : parseFloat(style.borderRadius) || 0;
        const attributes = { x, y, width: w, height: t, rx: radius, fill: ground, stroke: line ? style.borderTopColor : "none", "stroke-width": line };
        if (turned) attributes.transform = `rotate(45 ${at.x + at.width / 2} ${at.y + at.height / 2})`;
        parts.push(h("rect", attributes));
      }
      const shown = each.tagName === "SELECT" ? [] : each.childNodes;
      if (each.tagName === "SELECT") {
        parts.push(h("text", { x: at.x + 10, y: at.y + 0.5 * at.height + 5, fill: style.color, "font-size": style.fontSize,
          "font-family": "system-ui, sans-serif" }, each.selectedOptions[0].textContent));
      }
      for (const child of shown) {
        if (child.nodeType === Node.ELEMENT_NODE) visit(child);
        else if (child.textContent.trim()) {
          const range = document.createRange();
          range.selectNodeContents(child);
          const words = place(range.getClientRects()[0] ?? each.getBoundingClientRect());
          parts.push(h("text", {
            x: words.x, y: words.y + 0.78 * words.height, fill: style.color, "font-size": style.fontSize,
            "font-weight": style.fontWeight, "font-family": "system-ui, sans-serif",
          }, child.textContent.trim()));
        }
      }
    }
  };
  nodes.forEach(visit);
  const [wide, high] = [frame.width + 2 * edge, frame.height + 2 * edge].map(Math.ceil);
  const paper = getComputedStyle(root).backgroundColor;
  const all = h("svg", { viewBox: `0 0 ${wide} ${high}`, width: wide, height: high },
    h("title", {}, title), h("rect", { width: wide, height: high, fill: paper }), ...parts);
  return new XMLSerializer().serializeToString(all);
}

/** Hands the reader a file. */
export function save(text, name) {
  const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
