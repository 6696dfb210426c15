/** Points that a reader types or pastes: two columns of numbers, a point a line. */
import { h, parsed, setAttr, setText } from "./kit.js";

/** The points in a text, as { points }, or what is { wrong } with it; `shape` and `most` are those of the trait. */
export function pasted(text, { shape: [[fewest, many]], most }) {
  const points = [];
  const lines = text.replace(/[\])][ \t]*,?[ \t]*\n?/g, "\n").replace(/[[(]/g, "").split("\n"); // as Python writes lists
  for (const [n, line] of lines.map((each) => each.trim().replace(/,$/, "")).entries()) {
    if (!line || (!points.length && !/\d/.test(line))) continue; // a heading
    const parts = line.split(/\s*,\s+|[;\s]+/);
    const numbers = (parts.length === 1 ? line.split(",") : parts).map(parsed);
    const said = `Line ${n + 1}, “${line.length > 20 ? `${line.slice(0, 20)}…` : line}”:`;
    if (numbers.length !== 2 || numbers.some(Number.isNaN)) return { wrong: `${said} two numbers, please, x and y, such as “1.5 2.25”.` };
    if (numbers.some((each) => Math.abs(each) > most)) return { wrong: `${said} numbers from −${most} to ${most}, please.` };
    points.push(numbers);
  }
  if (points.length > many) return { wrong: `There are ${points.length} points; ${many} are the most. Paste some of them.` };
  if (points.length < fewest) return { wrong: `${fewest} points are the least: a point a line, x and then y.` };
  return { points };
}

/** A field for them. What is refused is said beneath, and the last good points stay; `take` is given new ones. */
export function pasteField(kit, fact, { get, take }) {
  const field = h("textarea", { class: "attn-number-field", rows: 5, autocomplete: "off", spellcheck: "false" });
  const refused = h("p", { class: "attn-refused" });
  field.addEventListener("input", () => {
    const { points, wrong = "" } = pasted(field.value, fact);
    setAttr(field, "aria-invalid", wrong ? "true" : null);
    setText(refused, wrong);
    if (wrong) kit.announce(() => wrong);
    else take(points);
  }, { signal: kit.signal });
  const [fewest, many] = fact.shape[0];
  return {
    node: h("div", { class: "attn-paste attn-readings" }, h("label", { class: "attn-choice" }, h("span", {}, fact.label), field), refused,
      h("p", { class: "attn-hint" }, `A point a line: x, then y. Type or paste ${fewest} to ${many} of them.`)),
    show(s) {
      const text = get(s).map((point) => point.join(" ")).join("\n");
      const typing = field.getRootNode().activeElement === field || field.hasAttribute("aria-invalid");
      if (!typing && field.value !== text) field.value = text;
    },
  };
}
