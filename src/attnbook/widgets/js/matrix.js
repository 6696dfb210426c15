/** A table of weights in colours: a row for each word that looks, a column for each word that is looked at. */
import { SEQUENTIAL } from "./facts/theme.js";
import { clamp, colourCanvas, colourScale, h, percent, setAttr, setHidden, setText, significant } from "./kit.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * `rows` and `columns` say how many there may be. `look(row, column)` is told which cell is pointed at, or nothing;
 * `choose(row)` which row is pressed; `announce` says the cell that the arrow keys have come to. `outlined` names the squares.
 */
export function weightTable({ rows: mostRows, columns: mostColumns, outlined: meaning, look, choose, announce, signal }) {
  const [squares, halo] = ["attn-outlined", "attn-halo"].map((name) => h("path", { class: name }));
  const pointer = h("rect", { class: "attn-pointer", width: 1, height: 1 });
  const over = h("svg", { preserveAspectRatio: "none", "aria-hidden": "true" }, halo, squares, pointer);
  const cells = h("div", { class: "attn-cells", role: "group", tabindex: 0, "aria-label": "Weights: the arrow keys go from cell to cell" });
  const [columns, rows] = [["columns", mostColumns], ["rows", mostRows]].map(([side, count]) => {
    const labels = Array.from({ length: count }, () => h("span"));
    return { labels, node: h("div", { class: `attn-${side}`, "aria-hidden": "true" }, ...labels) };
  });
  const grid = h("div", { class: "attn-grid" }, columns.node, rows.node, cells);
  const legend = colourScale(SEQUENTIAL, "weight");
  const square = h("span", {}, h("span", { class: "attn-square", "aria-hidden": "true" }), meaning);

  let [shown, colours, indices, at] = [null, null, null, [0, 0]];
  const sizes = () => [shown.rows.length, shown.columns.length];
  const under = (event) => {
    const box = cells.getBoundingClientRect();
    const shares = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width];
    return sizes().map((size, n) => clamp(Math.floor(shares[n] * size), 0, size - 1));
  };
  cells.addEventListener("pointermove", (event) => look(...under(event)), { signal });
  for (const end of ["pointerleave", "blur"]) cells.addEventListener(end, () => look(), { signal });
  cells.addEventListener("click", (event) => choose(under(event)[0]), { signal });
  const go = ([down, right]) => {
    at = sizes().map((size, n) => clamp(at[n] + [down, right][n], 0, size - 1));
    const [row, column] = at;
    look(row, column);
    announce(() => `${shown.rows[row]}, ${shown.columns[column]}: ${percent(shown.weights[row][column])}`);
  };
  cells.addEventListener("focus", () => { if (cells.matches(":focus-visible")) go([0, 0]); }, { signal });
  cells.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in STEPS || event.key === "Enter")) return;
    event.preventDefault();
    if (event.key === "Enter") choose(at[0]);
    else go(STEPS[event.key]);
  }, { signal });

  return {
    nodes: [grid, h("div", { class: "attn-under" }, legend.node, square)],
    cells, // what has the focus
    labels: { rows: rows.labels, columns: columns.labels },
    /** `outlined` has a column for each row, or is null; `off` says which columns are struck out; `most` has the strongest colour. */
    show(news) {
      const { weights, most = 1, outlined, off, row, column } = news;
      const [high, wide] = [news.rows.length, news.columns.length];
      if (!shown || high !== shown.rows.length || wide !== shown.columns.length) {
        colours = colourCanvas(wide, high, SEQUENTIAL);
        indices = new Uint8ClampedArray(wide * high);
        cells.replaceChildren(...colours.nodes, over);
        setAttr(over, "viewBox", `0 0 ${wide} ${high}`);
        grid.style.setProperty("--rows", high);
        grid.style.setProperty("--columns", wide);
      }
      shown = news;
      weights.forEach((each, i) => each.forEach((weight, j) => { indices[i * wide + j] = (255 * weight) / most; }));
      legend.label("0", significant(most));
      colours.paint(indices);
      const path = outlined?.map((j, i) => `M${j} ${i}h1v1h-1z`).join("") ?? "";
      for (const each of [halo, squares]) setAttr(each, "d", path);
      setHidden(square, !outlined);
      setAttr(pointer, "visibility", column === null ? "hidden" : null);
      setAttr(pointer, "x", column ?? 0);
      setAttr(pointer, "y", row);
      for (const [{ labels }, words, best] of [[columns, news.columns, column], [rows, news.rows, row]]) {
        labels.forEach((label, i) => {
          setHidden(label, i >= words.length);
          setText(label, words[i] ?? "");
          label.classList.toggle("attn-best", i === best);
        });
      }
      columns.labels.forEach((label, j) => label.classList.toggle("attn-off", Boolean(off[j])));
    },
  };
}
