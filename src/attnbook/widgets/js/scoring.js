/**
 * The scoring explorer: a query and keys to drag in the plane, eight scorers, and what width does to softmax.
 * The model holds the traits of attnbook.widgets.ScoringExplorer; everything else is computed here, once a frame.
 */
import {
  DIVERGING, announcer, bar, button, choice, clamp, colourScale, connect, contours, decimal, formula, h, handle,
  heatmap, lineFromOrigin, numberField, percent, placeOver, plane, roundUp, setAttr, setLineEnd, setText, significant,
  slider
} from "./kit.js";
import { gaussian } from "./math/random.js";
import { saturation, saturationDraws } from "./math/saturation.js";
import {
  additive, bilinear, cosine, dot, location, negativeDistance, scaledDot, summedDistance
} from "./math/scorers.js";
import { attend } from "./math/softmax.js";
import { transposedTimes } from "./math/vectors.js";

const REACH = 3;
const SIZE = 64; // the score field is computed at 64 × 64 points
const MOST_KEYS = 12;
const MOST_ENTRY = 10; // the largest entry of W that can be typed
const [ADDITIVE_SEED, PLACES_SEED] = [13, 124]; // of the parameters that Python starts with
const LEVELS = [-0.75, -0.5, -0.25, 0.25, 0.5, 0.75]; // shares of the field's scale that get a contour line
const TRAITS = ["query", "key_vectors", "scorer", "temperature", "W", "additive", "gain", "places", "width", "seed", "try_first"];
const TRY_FIRST = "with the dot product, drag key a straight outwards, away from the centre. "
  + "Then do the same with the cosine. What happens to its score?";

const SUBSCRIPTS = ["₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉", "₁₀", "₁₁", "₁₂"];
const letter = (i) => String.fromCharCode(97 + i);

/** The points of the field, row by row from the lower left, as keys to be scored. */
const GRID = Array.from({ length: SIZE * SIZE }, (_, i) => [i % SIZE, Math.floor(i / SIZE)].map(
  (at) => ((at + 0.5) * 2 * REACH) / SIZE - REACH,
));

/** What stands inside the tanh, multiplied by the gain. */
function timesGain({ W_q, W_k, v, bias }, gain) {
  const more = (row) => row.map((value) => gain * value);
  return [W_q.map(more), W_k.map(more), v, more(bias)];
}

/** Each scorer: its name for readers, its formula, one sentence, and the score of `keys` in state `s`. */
export const SCORERS = {
  additive: {
    label: "additive",
    formula: "vᵀ tanh(W_q q + W_k k_i + b)",
    hint: "A small network with random parameters: each of its hidden units draws one soft step across the plane.",
    score: (s, keys) => additive(s.query, keys, ...timesGain(s.additive, s.gain)),
  },
  bilinear: {
    label: "bilinear",
    formula: "qᵀ W k_i",
    hint: "Turn W, and the whole field turns with the dashed arrow, while the query stays where it is.",
    score: (s, keys) => bilinear(s.query, keys, s.W),
  },
  dot: {
    label: "dot product",
    formula: "qᵀ k_i",
    hint: "A long key scores high even when it points elsewhere.",
    score: (s, keys) => dot(s.query, keys),
  },
  scaled_dot: {
    label: "scaled dot product",
    formula: "qᵀ k_i / √d, here d = 2",
    hint: "The dot product, made smaller by √2. The picture below shows why that matters when d is large.",
    score: (s, keys) => scaledDot(s.query, keys),
  },
  cosine: {
    label: "cosine",
    formula: "qᵀ k_i / (‖q‖ ‖k_i‖)",
    hint: "Only directions count: pull a key outward along its arrow and its score stays.",
    score: (s, keys) => cosine(s.query, keys),
  },
  location: {
    label: "location-based",
    formula: "(W q)_i",
    hint: "No field: it does not matter where a key stands. Key a scores W₁ᵀq, key b W₂ᵀq, and so on, with the rows of "
      + "W drawn dashed.",
    score: (s, keys) => location(s.query, keys, s.places),
    field: () => null,
  },
  negative_distance: {
    label: "negative distance",
    formula: "−‖q − k_i‖",
    hint: "The nearest key wins, and no score is above 0.",
    score: (s, keys) => negativeDistance(s.query, keys),
  },
  summed_distance: {
    label: "summed distance",
    formula: "−Σ_j ‖k_i − k_j‖",
    hint: "The query does not enter: the key in the middle of the others wins. Move a key, and the field moves.",
    score: (s, keys) => summedDistance(keys, keys, s.key_vectors),
  },
};

/** The same W, turned so that Wᵀq points `degrees` further to the left, and stretched. */
function rotated(W, degrees, stretch) {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180) * stretch, Math.sin((degrees * Math.PI) / 180) * stretch];
  return W.map(([a, b]) => [a * c - b * s, a * s + b * c].map((value) => Math.round(value * 1e9) / 1e9));
}

/** How far Wᵀ turns the x-axis, in degrees, and by what it stretches it. */
function rotationOf(W) {
  return [(Math.atan2(W[0][1], W[0][0]) * 180) / Math.PI, Math.hypot(...W[0])];
}

export function render({ model, el }) {
  const { signal, state, start, change: changeAll, open } = connect(model, TRAITS, () => draw());
  const change = (name, value) => changeAll({ [name]: value });

  // --- the plane ----------------------------------------------------------------------------------------------------

  const field = heatmap(SIZE, DIVERGING);
  const board = plane(REACH, "Plane with the query and the keys", ...field.nodes);
  const lines = h("path", { class: "attn-contours" });
  const zero = h("path", { class: "attn-contours attn-zero" });
  board.layer.append(lines, zero);
  const legend = colourScale(DIVERGING);

  const ghosts = Array.from({ length: MOST_KEYS }, () => ({
    line: lineFromOrigin("attn-ghost"), label: h("span", { class: "attn-label", "aria-hidden": "true" }),
  }));
  const shafts = Array.from({ length: MOST_KEYS }, () => lineFromOrigin("attn-key"));
  const queryShaft = lineFromOrigin("attn-query");
  const output = h("polygon", { class: "attn-output", points: "0,130 130,0 0,-130 -130,0" });
  board.node.append(...ghosts.map((ghost) => ghost.label));
  board.marks.append(...ghosts.map((ghost) => ghost.line), ...shafts, queryShaft, output);

  const { announce, node: status } = announcer(signal);
  let last = null; // the answer of the last frame, for announcements
  const announceMove = (name, [x, y], i) => announce(() => {
    const where = `${name} at ${decimal(x)}, ${decimal(y)}`;
    if (i !== null) return `${where}; score ${decimal(last.scores[i])}; weight ${percent(last.weights[i])}`;
    const best = last.weights.indexOf(Math.max(...last.weights));
    return `${where}; largest weight: key ${letter(best)}, ${percent(last.weights[best])}`;
  });

  const queryHandle = handle(board, {
    name: "query",
    text: "q",
    className: "attn-query",
    get: () => model.get("query"),
    set: (to) => {
      change("query", to);
      announceMove("query", to, null);
    },
    home: () => start.query,
    signal,
  });
  const keyHandles = Array.from({ length: MOST_KEYS }, (_, i) => handle(board, {
    name: `key ${letter(i)}`,
    text: letter(i),
    className: "attn-key",
    get: () => model.get("key_vectors")[i],
    set: (to) => {
      change("key_vectors", model.get("key_vectors").map((key, j) => (j === i ? to : key)));
      announceMove(`key ${letter(i)}`, to, i);
    },
    home: () => start.key_vectors[i] ?? [0, 0],
    signal,
  }));

  // --- the controls -------------------------------------------------------------------------------------------------

  const scorer = choice("Scorer", Object.entries(SCORERS).map(([name, { label }]) => [name, label]), {
    onChange: (name) => {
      change("scorer", name);
      announce(() => `${SCORERS[name].label}: ${SCORERS[name].hint}`);
    },
    signal,
  });
  const formulaLine = h("p", { class: "attn-formula" });
  const hint = h("p", { class: "attn-hint" });

  const turn = slider("Turn", {
    min: -180, max: 180, step: 5, signal,
    onInput: (degrees) => change("W", rotated(model.get("W"), degrees - rotationOf(model.get("W"))[0], 1)),
  });
  const stretch = slider("Stretch", {
    min: 0.1, max: 3, step: 0.1, signal,
    onInput: (factor) => {
      const [degrees, now] = rotationOf(model.get("W"));
      const identity = [[1, 0], [0, 1]];
      change("W", now < 1e-6 ? rotated(identity, degrees, factor) : rotated(model.get("W"), 0, factor / now));
    },
  });
  const entries = [0, 1].map((i) => [0, 1].map((j) => numberField(`W, row ${i + 1}, column ${j + 1}`, {
    most: MOST_ENTRY, step: 0.1, signal,
    onInput: (value) => change("W", model.get("W").map((row, r) => row.map((was, c) => (r === i && c === j ? value : was)))),
    onRefuse: (text) => announce(() => text),
  })));
  const gain = slider("Gain", { min: 0, max: 4, step: 0.1, onInput: (value) => change("gain", value), signal });

  let draws = 0; // how often new parameters were asked for
  const redraw = (name, make) => button("Draw new parameters", {
    onClick: () => {
      draws += 1;
      change(name, make(draws));
      announce(() => "new parameters drawn");
    },
    signal,
  });
  const additiveOf = (seed) => {
    const numbers = gaussian(ADDITIVE_SEED + seed, 24); // four hidden units of six numbers
    const units = [0, 1, 2, 3].map((unit) => numbers.slice(6 * unit, 6 * unit + 6));
    return {
      W_q: units.map((unit) => unit.slice(0, 2)),
      W_k: units.map((unit) => unit.slice(2, 4)),
      v: units.map((unit) => unit[4]),
      bias: units.map((unit) => unit[5]),
    };
  };
  const placesOf = (seed) => {
    const numbers = gaussian(PLACES_SEED + seed, 2 * MOST_KEYS);
    return Array.from({ length: MOST_KEYS }, (_, i) => numbers.slice(2 * i, 2 * i + 2));
  };
  const parameters = {
    bilinear: h("div", { class: "attn-parameters" }, turn.node, stretch.node,
      h("div", { class: "attn-matrix", role: "group", "aria-label": "The matrix W" },
        h("span", { "aria-hidden": "true" }, "W ="),
        h("span", { class: "attn-entries" }, ...entries.flat().map((entry) => entry.node)))),
    additive: h("div", { class: "attn-parameters" }, gain.node, redraw("additive", additiveOf)),
    location: h("div", { class: "attn-parameters" }, redraw("places", placesOf)),
  };
  const temperature = slider("Temperature", {
    min: -2, max: 1, step: 0.05, signal,
    onInput: (power) => change("temperature", Number((10 ** power).toPrecision(3))),
  });

  // --- scores and weights, as bars and as a table -------------------------------------------------------------------

  const rows = Array.from({ length: MOST_KEYS }, (_, i) => {
    const [scoreBar, weightBar] = [bar(), bar()];
    const [score, weight, mark] = [h("span", { class: "attn-number" }), h("span", { class: "attn-number" }), h("span", { class: "attn-mark", "aria-hidden": "true" })];
    const node = h("tr", {}, h("th", { scope: "row" }, letter(i)),
      h("td", {}, h("span", { class: "attn-cell attn-signed" }, scoreBar.node, score)),
      h("td", {}, h("span", { class: "attn-cell" }, weightBar.node, weight, mark)));
    const cells = Array.from({ length: 4 }, () => h("td"));
    const line = h("tr", {}, h("th", { scope: "row" }, letter(i)), ...cells);
    return { node, scoreBar, weightBar, score, weight, mark, line, cells };
  });
  const head = (...names) => h("thead", {}, h("tr", {}, ...names.map((name) => h("th", { scope: "col" }, name))));
  const bars = h("table", { class: "attn-bars" }, h("caption", { class: "attn-unseen" }, "Scores and weights"),
    head("key", "score", "weight"), h("tbody", {}, ...rows.map((row) => row.node)));
  const meanText = h("p", { class: "attn-hint" });
  const numbers = h("details", { class: "attn-numbers" }, h("summary", {}, "The numbers as a table"),
    h("table", {}, h("caption", { class: "attn-unseen" }, "Where each key stands, its score and its weight"),
      head("key", "x", "y", "score", "weight"), h("tbody", {}, ...rows.map((row) => row.line))), meanText);

  // --- what width does to softmax -----------------------------------------------------------------------------------

  const width = slider("Width d", { min: 0, max: 9, step: 1, onInput: (power) => change("width", 2 ** power), signal });
  const again = button("New draw", {
    onClick: () => change("seed", (model.get("seed") + 1) % 2 ** 32),
    signal,
  });
  const card = (title) => {
    const columns = Array.from({ length: 10 }, () => h("span", { class: "attn-column" }));
    const chart = h("div", { class: "attn-chart", role: "img" }, ...columns);
    const cells = ["largest weight", "entropy", "gradient"].map((name) => [name, h("dd")]);
    const node = h("div", { class: "attn-card" }, h("p", { class: "attn-formula" }, ...formula(title)), chart,
      h("dl", {}, ...cells.map(([name, value]) => h("div", {}, h("dt", {}, name), value))));
    return { title, node, columns, chart, cells: cells.map(([, value]) => value) };
  };
  const cards = { plain: card("qᵀ k"), scaled: card("qᵀ k / √d") };
  let seeded = {}; // the draws of one seed serve every width, and one width every frame of a drag

  // --- all together -------------------------------------------------------------------------------------------------

  const reset = button("Reset", {
    onClick: () => {
      changeAll(structuredClone(start));
      draws = 0;
      announce(() => "back at the start");
    },
    signal,
  });
  const task = h("span");
  const root = h("div", { class: "attn" },
    h("div", { class: "attn-row attn-head" },
      h("p", {}, h("strong", {}, "Try first: "), task), reset),
    h("div", { class: "attn-main" },
      h("div", { class: "attn-left" }, board.node,
        h("div", { class: "attn-under" }, legend.node, h("p", { class: "attn-key-to" },
          h("span", { class: "attn-diamond", "aria-hidden": "true" }), "mean of the keys, by weight"))),
      h("div", { class: "attn-right" }, scorer.node, formulaLine, hint,
        ...Object.values(parameters), temperature.node, bars, numbers)),
    h("div", { class: "attn-width", role: "group", "aria-label": "What width does to softmax" },
      h("p", { class: "attn-title" }, "What width does to softmax"),
      h("p", { class: "attn-hint" }, "Ten random keys share out a random query’s attention, without and with √d. "
        + "The gradient says how much the weights still move when the scores do."),
      h("div", { class: "attn-row" }, width.node, again),
      h("div", { class: "attn-cards" }, cards.plain.node, cards.scaled.node)),
    status);

  // --- drawing ------------------------------------------------------------------------------------------------------

  function drawPlane(s, scores, weights, mean) {
    const { score, field: of = () => score(s, GRID) } = SCORERS[s.scorer];
    const values = of(s);
    let limit = 1;
    if (values) {
      let largest = 0;
      for (const value of values) largest = Math.max(largest, Math.abs(value));
      limit = roundUp(largest);
      field.paint(values, limit);
      setAttr(lines, "d", contours(values, SIZE, LEVELS.map((level) => level * limit), REACH));
      setAttr(zero, "d", contours(values, SIZE, [0], REACH));
    }
    setAttr(root, "data-field", values ? "shown" : "none");
    legend.show(limit);

    const best = weights.indexOf(Math.max(...weights));
    s.key_vectors.forEach((key, i) => {
      setLineEnd(shafts[i], key);
      shafts[i].style.strokeWidth = `${(1 + 4 * weights[i]).toFixed(2)}px`;
      keyHandles[i].move(key);
      keyHandles[i].node.classList.toggle("attn-best", i === best);
    });
    setLineEnd(queryShaft, s.query);
    queryHandle.move(s.query);
    setAttr(output, "transform", `translate(${mean.map((value) => Math.round(1000 * value)).join(" ")})`);

    const dashed = {
      bilinear: () => [["Wᵀq", transposedTimes(s.W, s.query)]],
      location: () => s.places.slice(0, s.key_vectors.length).map((row, i) => [`W${SUBSCRIPTS[i]}`, row]),
    };
    const arrows = dashed[s.scorer]?.() ?? [];
    ghosts.forEach(({ line, label }, i) => {
      setAttr(line, "visibility", i < arrows.length ? null : "hidden");
      label.hidden = i >= arrows.length;
      if (label.hidden) return;
      const [text, end] = arrows[i];
      setText(label, text);
      setLineEnd(line, end);
      const away = 1 + 0.25 / (Math.hypot(...end) || 1);
      placeOver(board, label, end.map((value) => value * away));
    });
  }

  function drawBars(s, scores, weights, mean) {
    const limit = roundUp(Math.max(...scores.map(Math.abs)));
    const best = weights.indexOf(Math.max(...weights));
    rows.forEach(({ node, scoreBar, weightBar, score, weight, mark, line, cells }, i) => {
      const there = i < s.key_vectors.length;
      for (const part of [node, line, keyHandles[i].node]) part.hidden = !there;
      setAttr(shafts[i], "visibility", there ? null : "hidden");
      if (!there) return;
      scoreBar.show(0.5, 0.5 + scores[i] / limit / 2, scores[i] < 0 ? "below" : "above");
      weightBar.show(0, weights[i], "weight");
      const texts = [decimal(s.key_vectors[i][0]), decimal(s.key_vectors[i][1]), decimal(scores[i]), percent(weights[i])];
      setText(score, texts[2]);
      setText(weight, texts[3]);
      setText(mark, i === best ? "◂" : "");
      node.classList.toggle("attn-best", i === best);
      cells.forEach((cell, c) => setText(cell, texts[c]));
    });
    setText(meanText, `Their mean, by weight: ${decimal(mean[0])}, ${decimal(mean[1])}.`);
  }

  function drawWidth(s) {
    if (seeded.seed === s.seed && seeded.width === s.width) return;
    const draws = seeded.seed === s.seed ? seeded.draws : saturationDraws(s.seed);
    seeded = { seed: s.seed, width: s.width, draws };
    for (const [name, { weights, largest, entropy, gradient }] of Object.entries(saturation(s.width, draws))) {
      const { title, columns, chart, cells } = cards[name];
      columns.forEach((column, i) => { column.style.height = `${100 * weights[i]}%`; });
      setAttr(chart, "aria-label", `Ten weights by ${title} at width ${s.width}; the largest is ${percent(largest)}`);
      [percent(largest), `${decimal(entropy)} bits`, decimal(gradient, 3)].forEach((text, i) => setText(cells[i], text));
    }
  }

  function draw() {
    const s = state();
    const scores = SCORERS[s.scorer].score(s, s.key_vectors);
    const { output: mean, weights } = attend(scores, s.key_vectors, { temperature: s.temperature });
    last = { scores, weights };
    drawPlane(s, scores, weights, mean);
    drawBars(s, scores, weights, mean);
    drawWidth(s);

    setText(task, s.try_first || TRY_FIRST);
    scorer.show(s.scorer);
    if (hint.textContent !== SCORERS[s.scorer].hint) {
      formulaLine.replaceChildren(...formula(SCORERS[s.scorer].formula));
      hint.replaceChildren(SCORERS[s.scorer].hint);
    }
    for (const [name, node] of Object.entries(parameters)) node.hidden = name !== s.scorer;
    const [degrees, factor] = rotationOf(s.W);
    turn.show(degrees, `${decimal(degrees, 0)}°`);
    stretch.show(factor, `× ${decimal(factor)}`);
    entries.forEach((row, i) => row.forEach((entry, j) => entry.show(s.W[i][j])));
    gain.show(s.gain, decimal(s.gain, 1));
    temperature.show(Math.log10(s.temperature), significant(s.temperature));
    width.show(Math.log2(s.width), String(s.width));
  }

  return open(root, el);
}
