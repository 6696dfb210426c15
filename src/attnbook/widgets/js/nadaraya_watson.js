/**
 * The kernel bench: points in a plane, the curve of their averages, and the weights of one query beneath it.
 * What can be set, and in which words, is declared in attnbook.widgets.nadaraya_watson.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/nadaraya_watson.js";
import {
  chart, chips, clamp, decimal, h, handle, memoize, percent, placeOver, placeUnder, setAttr, setHidden, setText, significant
} from "./kit.js";
import { average, bestBandwidth, even, gaps, half, heaviest, height, leaveOneOut, mean, meanSquare, moved, reach, span, walkAt } from "./math/kernels.js";
import { weightTable } from "./matrix.js";
import { pasteField } from "./pasting.js";

const { traits } = FACTS;
const MOST_POINTS = traits.points.shape[0][1];
const { from: NARROW, to: WIDE } = traits.bandwidth;
const [QUERIES, STEPS] = [24, 240]; // rows of the table of weights; pieces of the curve
const [SAME, LIFTED] = [0.01, 0.2]; // of the span of y: what counts as no difference, and as lifted

const columns = (points) => [0, 1].map((n) => points.map((point) => point[n]));
const best = (s, r) => bestBandwidth(r.keys, r.values, s, [NARROW, WIDE]);
const words = (bandwidth) => significant(Number(bandwidth.toPrecision(2)));
const answers = (averages) => averages.map(({ answer }) => answer);

/** What does not follow the query: it stays while that is moved. */
const curveOf = memoize((points, kernel, bandwidth) => {
  const [[keys, values], options] = [columns(points), { kernel, bandwidth }];
  const at = (query) => average(query, keys, values, options);
  const order = keys.map((_, i) => i).sort((a, b) => keys[a] - keys[b]);
  const queries = even(keys[order[0]], keys[order.at(-1)], QUERIES);
  const [there, others] = [answers(keys.map(at)), leaveOneOut(keys, values, options)];
  return {
    keys, values, at, there, others, order, queries,
    matrix: queries.map(at).map(({ weights }) => order.map((i) => weights[i])),
    errors: [there, answers(others)].map((each) => meanSquare(each, values)),
  };
});

export function compute({ points, kernel, bandwidth, query }) {
  const curve = curveOf(points, kernel, bandwidth);
  return { ...curve, ...curve.at(query) };
}

const fOf = (s) => `f(${decimal(s.query)})`;
const answerOf = (r) => (r.read ? decimal(r.answer) : "nothing");
const say = (s, r) => `${fOf(s)} = ${answerOf(r)}, leave-one-out error ${decimal(r.errors[1])}`;

/** f(2.00) = 3.03 = 9 % of 3.43 + …, or why there is no answer. */
function sum(s, r) {
  if (!r.read) return `${fOf(s)}: no point in reach, so nothing to average`;
  const parts = heaviest(r.weights).slice(0, Math.min(3, r.read)).map((i) => `${percent(r.weights[i])} of ${decimal(r.values[i])}`);
  return `${fOf(s)} = ${answerOf(r)} = ${parts.join(" + ")}${r.read > 3 ? " + …" : ""}`;
}

/** Where the curve has no value, in words. */
function missing(s, r, { least, most }) {
  const found = gaps(r.keys, s, [least, most]);
  const [from, to] = found.reduce((widest, gap) => (span(gap) > span(widest) ? gap : widest), [0, 0]);
  const many = found.length > 1 ? ` (the widest of ${found.length} gaps)` : "";
  return found.length ? `No point in reach from ${decimal(from)} to ${decimal(to)}${many}` : "";
}

// --- the chart, and the weights beneath it ------------------------------------------------------------------------------

const path = (name) => h("path", { class: name });
const drawing = (...paths) => h("svg", { viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" }, ...paths);

function stage(kit) {
  const { signal } = kit;
  const board = chart("Points, and the curve of their averages");
  board.roving = true;
  const [asking, curve, below, bell, bars] = ["attn-query", "attn-curve attn-answer", "attn-query", "attn-bell attn-answer", "attn-bars attn-answer"].map((name) => path(name));
  board.marks.append(asking, curve);
  const mark = h("span", { class: "attn-mean attn-diamond attn-answer", "aria-hidden": "true" });
  board.node.append(mark);

  const foot = () => board.axes[1].least;
  const query = handle(board, {
    name: "query", text: "q", className: "attn-query", signal,
    get: () => [kit.s.query, foot()],
    set: ([x]) => kit.change({ query: x }, () => "the query moves"),
    home: () => [kit.start.query, foot()],
  });
  const guessed = () => kit.memo.guess ?? (foot() + board.axes[1].most) / 2;
  const guess = handle(board, {
    name: "your guess of y at the query", text: "?", className: "attn-guess", signal,
    get: () => [kit.s.query, guessed()],
    set([, y]) {
      kit.memo.guess = y;
      kit.frame();
    },
    home: () => [0, mean(kit.result.values)],
  });
  const points = Array.from({ length: MOST_POINTS }, (_, i) => handle(board, {
    name: `point ${i + 1}`, text: "", className: "attn-datum", signal,
    get: () => kit.s.points[i],
    set: (place) => kit.change({ points: kit.s.points.map((was, j) => (j === i ? place : was)) }, (s) => (
      `point ${i + 1} at ${s.points[i].map((x) => decimal(x)).join(", ")}`)),
    home: () => kit.start.points[i] ?? kit.s.points[i],
  }));
  board.choose(guess.node); // as long as it is asked for, the Tab key comes to it
  const put = ({ node }, place, n, more = "") => { // of the query and of a guess, only one number counts
    placeOver(board, node, place);
    setAttr(node, "aria-valuenow", place[n]);
    setAttr(node, "aria-valuetext", `${decimal(place[n])}${more}`);
  };
  const ask = (x) => kit.preset({ query: Number(x.toFixed(2)) }, `query at ${decimal(x)}`);
  board.node.addEventListener("click", (event) => { if (!event.target.closest("button")) ask(placeUnder(board, event)[0]); }, { signal });

  const end = h("span", { class: "attn-ends attn-answer" });
  const strip = h("div", { class: "attn-plane attn-chart-plane attn-beneath", role: "img" },
    drawing(below, bars, bell), end, h("span", { class: "attn-hint" }, "weight at q"), board.ticks[1]);
  const show = kit.button("Show the curve", () => {
    kit.memo.asked = true;
    if (show.matches(":focus")) query.node.focus({ preventScroll: true }); // it goes away
    kit.frame();
  });
  const [said, gap] = [h("p", { class: "attn-readout" }), h("p", { class: "attn-hint attn-answer" })];

  let peek = null; // the row and the column of the table that are pointed at
  const table = weightTable({
    rows: QUERIES, columns: MOST_POINTS, outlined: "", signal, choose: (row) => ask(kit.result.queries[row]),
    look(...cell) {
      peek = cell.length && !kit.held() ? cell : null;
      kit.frame();
    },
    announce: (text) => { if (!kit.veiled()) kit.announce(text); },
  });
  const tabulate = memoize((matrix, row, column, most, { queries, order, keys }) => table.show({
    rows: queries.map((each) => decimal(each)), columns: order.map((i) => decimal(keys[i])), weights: matrix, most, outlined: null, off: [], row, column,
  }));
  const [tallest, deepest] = [kit.scale(), kit.scale()]; // of the weights at the query, and of all

  /** Places on the x axis, with both sides of those where something may jump. */
  const places = (keys, far, { least, most }) => [
    ...even(least, most, (kit.held() ? STEPS / 2 : STEPS) + 1),
    ...keys.flatMap((key) => [-1.0001, -0.9999, 0.9999, 1.0001].map((share) => key + share * far)).filter((x) => x >= least && x <= most),
  ].sort((a, b) => a - b);
  const lineOf = memoize((at, keys, far, [across]) => board.line(places(keys, far, across).map((x) => {
    const { answer, read } = at(x);
    return read ? [x, answer] : null;
  })));
  const draw = (s, r) => {
    if (!kit.held()) board.fit([[...r.keys, s.query], r.values]);
    const [across, along] = board.axes;
    const [asked, veiled] = [kit.task === 0 && !s.try_first, kit.veiled()];
    put(query, [s.query, along.least], 0, veiled ? "" : `; ${sum(s, r)}`);
    setHidden(guess.node, !asked);
    if (asked) put(guess, [s.query, guessed()], 1);
    setHidden(show, !asked || Boolean(kit.memo.asked));
    const most = Math.max(...r.weights, 1e-9);
    points.forEach(({ node, move }, i) => {
      setHidden(node, i >= s.points.length);
      if (node.hidden) return;
      move(s.points[i], veiled ? "" : `; weight ${percent(r.weights[i])}`);
      node.style.setProperty("--share", (r.weights[i] / most).toFixed(3));
    });
    if (board.chosen.hidden) board.choose(query.node);
    setAttr(curve, "d", lineOf(r.at, r.keys, reach(s.kernel) * s.bandwidth, board.axes, kit.held()));
    setHidden(mark, !r.read);
    placeOver(board, mark, [s.query, r.read ? r.answer : along.least]);
    const limit = tallest(most);
    const place = (x, weight) => `${board.across(x)} ${(1 - Math.min(1, weight / limit)).toFixed(4)}`;
    const upright = (x, weight) => `M${place(x, 0)}L${place(x, weight)}`;
    for (const each of [asking, below]) setAttr(each, "d", upright(s.query, limit));
    setAttr(bars, "d", r.keys.map((key, i) => (r.weights[i] > 0 ? upright(key, r.weights[i]) : "")).join(""));
    const [first] = heaviest(r.weights);
    const top = r.weights[first] / height(s.kernel, (r.keys[first] - s.query) / s.bandwidth);
    setAttr(bell, "d", Number.isFinite(top) ? `M${places([s.query], reach(s.kernel) * s.bandwidth, across).map((x) => place(x, top * height(s.kernel, (x - s.query) / s.bandwidth))).join("L")}` : "");
    setText(end, percent(limit));
    setAttr(strip, "aria-label", veiled ? "The weights at the query" : `The weight of each point at the query, up to ${percent(most)}`);
    if (peek?.[1] >= r.keys.length) peek = null;
    const [row, column] = peek ?? [Math.round(clamp((s.query - r.queries[0]) / (r.queries.at(-1) - r.queries[0]), 0, 1) * (QUERIES - 1)) || 0, null];
    tabulate(r.matrix, row, column, deepest(Math.max(...r.matrix.flat(), 1e-9)), curveOf(s.points, s.kernel, s.bandwidth));
    setText(said, veiled ? `${fOf(s)} = ?` : !peek ? sum(s, r) : `f(${decimal(r.queries[row])}) takes ${percent(r.matrix[row][column])} of ${decimal(r.values[r.order[column]])}`);
    setText(gap, missing(s, r, across));
  };
  return {
    node: h("div", { class: "attn-charts" }, board.node, strip, h("div", { class: "attn-row" }, said, gap, show)),
    side: h("div", { class: "attn-weights" }, h("p", { class: "attn-hint" }, "rows: queries, columns: points, from left to right"), ...table.nodes),
    draw,
  };
}

/** The slider of the bandwidth, over it the error at each bandwidth that has been tried with these points, and in words beneath. */
function trail(kit) {
  const slider = kit.control("bandwidth", { text: (value) => `${significant(value)},\nw = ${words(1 / value)}` });
  const [tried, now] = ["attn-tried", "attn-now"].map(path);
  const end = h("span", { class: "attn-ends" });
  const [left, fit, alone] = [h("strong"), h("span"), h("span", { class: "attn-hint" })];
  const [scale, seen] = [kit.scale(), new Map()];
  let last = null;
  return {
    node: h("div", {},
      h("div", { class: "attn-error attn-answer" }, drawing(tried, now), h("span", { class: "attn-hint" }, "leave-one-out error"), end), slider.node,
      h("p", { class: "attn-answer" }, left, fit, alone)),
    show(s, r) {
      slider.show(s, r);
      if (last?.points !== s.points || last.kernel !== s.kernel) seen.clear();
      last = s;
      seen.set(s.bandwidth, r.errors[1]);
      const limit = scale(1.5 * meanSquare(r.values.map(() => mean(r.values)), r.values)); // half as much again as of a level line
      const dot = ([bandwidth, error]) => `M${[Math.log(bandwidth / NARROW) / Math.log(WIDE / NARROW), 1 - error / limit].map((at) => clamp(at, 0, 1).toFixed(4)).join(" ")}h0`;
      setAttr(tried, "d", [...seen].map(dot).join(""));
      setAttr(now, "d", dot([s.bandwidth, r.errors[1]]));
      setText(end, significant(limit));
      setText(left, `leave-one-out error ${decimal(r.errors[1])}`);
      setText(fit, `, error at the points ${decimal(r.errors[0])}`);
      const lonely = r.others.filter(({ read }) => !read).length;
      setText(alone, lonely ? ` (points with no other in reach, predicted as 0: ${lonely})` : "");
    },
  };
}

// --- the tasks --------------------------------------------------------------------------------------------------------

/** Where the path is at the query, if the points are those that were drawn around it, and what the best bandwidth says. */
function onPath(s, r) {
  if (JSON.stringify(s.points) !== JSON.stringify(FACTS.walk) || s.query < 0 || s.query > 5) return "";
  const [bandwidth] = best(s, r);
  return `The path was at ${decimal(walkAt(s.query))}; at bandwidth ${words(bandwidth)}, where leave-one-out is least, the curve says ${answerOf(average(s.query, r.keys, r.values, { ...s, bandwidth }))}. `;
}

const done = [
  (s, r, { memo }) => memo.asked && (memo.told ??= {
    guess: memo.guess === undefined ? "You made no guess" : `You say ${decimal(memo.guess)}`, answer: answerOf(r), path: onPath(s, r),
    few: half(r.weights)[0], share: percent(half(r.weights)[1]),
    read: r.read === r.keys.length ? `all ${r.read}` : `${r.read} of the ${r.keys.length}`,
  }),
  (s, r, { memo }) => {
    const [near, level] = [r.values, r.values.map(() => mean(r.values))].map((aim) => (
      r.there.every((each, i) => Math.abs(each - aim[i]) < SAME * span(r.values))));
    if (near) memo.narrow = [s.bandwidth, r.errors[1]];
    if (level) memo.wide = [s.bandwidth, r.errors[1]];
    return memo.narrow && memo.wide && (memo.told ??= Object.fromEntries(
      Object.entries({ narrow: memo.narrow, wide: memo.wide, best: best(s, r) }).flatMap(([name, [bandwidth, error]]) => [
        [name, words(bandwidth)], [`${name}_error`, decimal(error)]])));
  },
  (s, r, { before }) => {
    if (before.points.length !== s.points.length) return false;
    const by = Math.max(...s.points.map(([, y], i) => y - before.points[i][1]));
    return by >= LIFTED * span(columns(before.points)[1]) && Object.fromEntries(
      Object.entries({ by, ...moved(before.points, s.points, s) }).map(([name, value]) => [name, decimal(value)]));
  },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [kit.control("kernel", { as: chips }), trail(kit)],
  more: (kit) => [pasteField(kit, traits.points, {
    get: (s) => s.points,
    take(points) {
      const ends = [Math.min, Math.max].map((end) => end(...columns(points)[0]));
      const query = clamp(kit.s.query, ...ends) === kit.s.query ? kit.s.query : mean(ends);
      kit.preset({ points, query }, `${points.length} points`);
    },
  })],
  table: {
    caption: "Each point, its weight at the query, the curve there, and what the other points predict",
    columns: ["point", "x", "y", "weight at q", "curve", "left out"],
    rows: (s, r) => s.points.map(([x, y], i) => [
      String(i + 1), decimal(x), decimal(y), percent(r.weights[i]), decimal(r.there[i]), r.others[i].read ? decimal(r.others[i].answer) : "–"]),
    note: (s, r) => `Mean squared error at the points ${decimal(r.errors[0])}, leave-one-out ${decimal(r.errors[1])}.`,
  },
  say,
  done,
  veiled: true,
  wide: true,
});
