/**
 * The pointer stepper: points in a square, a network that goes round them by pointing, and the true hull beneath.
 * What can be set, and in which words, is declared in attnbook.widgets.structures.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/structures.js";
import {
  bar, clamp, decimal, h, handle, memoize, percent, placeUnder, plane, roomiest, setAttr, setText, shaft, slider
} from "./kit.js";
import { unpack } from "./math/packed.js";
import { apart, pointScores, trueRound, walk } from "./math/pointing.js";
import { uniform } from "./math/random.js";

const { traits } = FACTS;
const [LEAST_POINTS, MOST_POINTS] = traits.points.shape[0];
const [BARS, SEEN] = [5, 0.01]; // so many weights are listed; from here on a line is drawn
const [UNSURE, TRAINED] = [0.7, 10]; // a step with no more of the weight hesitates; so many points it has seen in training
const [PACE, REST] = [550, 0.35]; // milliseconds for a step that is shown, and the share of them in which nothing moves
const [GAP, EDGE] = [0.14, 0.92]; // points that are drawn keep this distance, and stay this near the middle

const letter = (i) => String.fromCharCode(97 + i);
const pair = (place) => place.map((value) => decimal(value)).join(", ");
const listed = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);

/** What an outline does, and whether it is right. */
export function verdict(path, { corners, along }) {
  if (corners.length < 3) return { right: false, what: "goes back and forth: all points lie on one line" };
  const missed = corners.filter((i) => !path.includes(i)).map(letter);
  const inside = path.filter((i) => !along.includes(i)).sort((a, b) => a - b).map(letter);
  const parts = [["misses", missed], ["takes in", inside]].filter(([, names]) => names.length).map(([does, names]) => `${does} ${listed(names)}`);
  if (parts.length) return { right: false, what: parts.join(" and ") };
  const places = path.map((i) => along.indexOf(i));
  const right = places.every((place, t) => t === 0 || place > places[t - 1]);
  return { right, what: right ? `is right: all ${corners.length} corners, in order` : "takes the corners in another order" };
}

const parametersOf = memoize(unpack);
const walkedOf = memoize((model, points) => {
  const round = trueRound(points);
  const { path, weights } = walk(pointScores(parametersOf(model), points), round.corners[0]);
  const ends = [...path.slice(1), path[0]];
  const sure = ends.map((i, t) => weights[t][i]);
  return { round, path, weights, ends, sure, ...verdict(path, round) };
});

export function compute(s) {
  const walked = walkedOf(s.model, s.points);
  const at = Math.min(s.steps, walked.path.length);
  return { ...walked, at, closed: at === walked.path.length };
}

const told = (r, at = r.at) => (at === r.path.length ? `The outline ${r.what}`
  : `${letter(r.path[at])} → ${letter(r.ends[at])}, with ${percent(r.sure[at])}`);

/** The largest weights of the step that is next, or the least sure steps of a closed outline. */
function listedWeights(r, at) {
  const row = r.weights[at] ?? r.sure;
  const order = row.map((_, i) => i).sort((a, b) => (r.weights[at] ? row[b] - row[a] : row[a] - row[b])).slice(0, BARS);
  return order.map((i) => [r.weights[at] ? letter(i) : `${letter(r.path[i])} → ${letter(r.ends[i])}`, row[i]]);
}

/** These points and more of them, or fewer: whatever is drawn keeps its distance. */
export function grown(points, count, seed) {
  const all = points.slice(0, count);
  const draws = uniform(seed, 4000).map((value) => Math.round(100 * EDGE * (2 * value - 1)) / 100);
  for (let n = 0; all.length < count && n < draws.length; n += 2) {
    const [x, y] = draws.slice(n, n + 2);
    if (all.every(([u, v]) => Math.hypot(x - u, y - v) > GAP)) all.push([x, y]);
  }
  while (all.length < count) all.push(roomiest({ least: -1, most: 1 }, all)); // no draw has found room
  return all;
}

// --- the square, and what is read beside it ---------------------------------------------------------------------------

const route = (places) => (places.length > 1 ? `M${places.map((place) => place.map((value) => Math.round(1000 * value)).join(" ")).join("L")}` : "");

function stage(kit) {
  const { signal } = kit;
  const board = Object.assign(plane(1, "Square with points"), { roving: true, steps: [0.02, 0.1] });
  const hull = h("polygon", { class: "attn-hull attn-answer" });
  const rays = Array.from({ length: MOST_POINTS }, () => shaft("attn-ray"));
  const [halo, line] = ["attn-halo", "attn-outline"].map((name) => h("path", { class: name }));
  board.layer.append(hull, h("g", { class: "attn-answer" }, ...rays.map(({ node }) => node)), halo, line);

  const points = Array.from({ length: MOST_POINTS }, (_, i) => handle(board, {
    name: `point ${letter(i)}`, text: letter(i), className: "attn-key", signal,
    get: () => kit.s.points[i] ?? [0, 0],
    set(to) {
      const moved = kit.s.points.map((was, j) => (j === i ? to : was));
      if (apart(moved)) kit.change({ points: moved }, () => `point ${letter(i)} at ${pair(to)}`);
    },
    home: () => kit.start.points[i] ?? kit.s.points[i],
  }));
  points.forEach(({ node }, i) => node.addEventListener("click", () => {
    if (kit.changed() || !kit.veiled()) return; // it was pulled, not pressed
    kit.memo.guess = i;
    kit.frame();
  }, { signal }));

  const chosen = () => Math.min(Math.max(0, points.findIndex(({ node }) => node === board.chosen)), kit.s.points.length - 1);
  const remove = () => {
    const [i, now] = [chosen(), kit.s.points];
    if (now.length === LEAST_POINTS) return kit.announce(() => `${LEAST_POINTS} points have to stay`);
    return kit.change({ points: now.filter((_, j) => j !== i) }, () => `removed point ${letter(i)}`);
  };
  board.node.addEventListener("keydown", (event) => { if (["Delete", "Backspace"].includes(event.key)) remove(); }, { signal });
  board.node.addEventListener("focusin", kit.frame, { signal });
  board.node.addEventListener("click", (event) => { // a place that is pressed gets a point
    if (event.target.closest("button") || kit.veiled()) return;
    const now = [...kit.s.points, placeUnder(board, event).map((value) => board.round(clamp(value, -1, 1)))];
    if (now.length > MOST_POINTS) kit.announce(() => `${MOST_POINTS} points are the most`);
    else if (apart(now)) kit.preset({ points: now }, `added point ${letter(now.length - 1)} at ${pair(now.at(-1))}`);
  }, { signal });

  const step = kit.button("Step", () => {
    const { closed, at, path } = kit.result;
    const next = closed ? 0 : at + 1 === path.length ? MOST_POINTS : at + 1;
    kit.change({ steps: next }, (s, r) => (closed ? "back at the start" : `now at ${letter(r.path[r.at] ?? r.path[0])}`));
  });
  const round = kit.button("Go round", () => {
    seen = kit.result.closed ? 0 : kit.result.at;
    kit.change({ steps: MOST_POINTS }, () => "all the way round");
  });
  const counted = slider("Steps taken", {
    min: 0, max: MOST_POINTS, step: 1, signal,
    onInput: (to) => kit.change({ steps: to >= kit.result.path.length ? MOST_POINTS : to }, (s, r) => `step ${r.at} of ${r.path.length}`),
  });
  let seed = 39; // adding to the first points with it soon makes an outline wrong
  const many = slider("Points", {
    min: LEAST_POINTS, max: MOST_POINTS, step: 1, signal,
    onInput: (count) => kit.change({ points: grown(kit.s.points, count, seed) }, () => `${count} points`),
  });
  const others = kit.button("Other points", () => {
    seed += 1;
    kit.preset({ points: grown([], kit.s.points.length, seed) }, "other points");
  });
  const gone = kit.button("Remove", remove);

  const headline = h("caption", { class: "attn-hint", style: "text-align: left" });
  const bars = Array.from({ length: BARS }, () => {
    const [name, weight, number] = [h("th", { scope: "row", class: "attn-answer" }), bar(), h("span", { class: "attn-number" })];
    return { name, weight, number, node: h("tr", {}, name, h("td", {}, h("span", { class: "attn-cell attn-answer" }, weight.node, number))) };
  });
  const readout = h("strong", { class: "attn-readout" });
  const about = h("p", { class: "attn-hint" });
  const table = h("table", { class: "attn-bars" }, headline, h("tbody", {}, ...bars.map(({ node }) => node)));

  let [seen, last] = [kit.s.steps, 0]; // so many steps are shown: they are taken one after the other, unless a hand takes them
  const catchUp = (r) => {
    const now = performance.now();
    const step = Math.min(now - last, 50) / PACE;
    last = now;
    seen = kit.calm() || seen > r.at ? r.at : Math.min(r.at, seen + step);
    if (seen < r.at) kit.frame();
    return Math.floor(seen);
  };
  const draw = (s, r) => {
    const at = catchUp(r);
    const share = clamp((seen - at - REST) / (1 - REST), 0, 1);
    const stop = at === r.path.length ? r.path[0] : r.path[at];
    const next = at === r.path.length ? -1 : r.ends[at];
    const places = [...r.path.slice(0, at + 1), ...(at === r.path.length ? [r.path[0]] : [])].map((i) => s.points[i]);
    if (share > 0) places.push(s.points[stop].map((value, n) => value + share * (s.points[next][n] - value)));
    for (const each of [halo, line]) setAttr(each, "d", route(places));
    setAttr(hull, "points", r.round.corners.map((i) => s.points[i].map((value) => Math.round(1000 * value)).join()).join(" "));
    rays.forEach(({ node, show }, i) => {
      const weight = r.weights[at]?.[i] ?? 0;
      setAttr(node, "visibility", weight >= SEEN ? null : "hidden");
      if (weight >= SEEN) show(s.points[i], 1 + 5 * weight, s.points[stop]);
    });
    points.forEach(({ node, move: place }, i) => {
      node.hidden = i >= s.points.length;
      if (node.hidden) return;
      place(s.points[i], i === stop ? "; here it stands" : kit.veiled() || at === r.path.length ? "" : `; weight ${percent(r.weights[at][i])}`);
      node.classList.toggle("attn-query", i === stop);
      node.classList.toggle("attn-best", i === next);
    });
    setText(headline, at === r.path.length ? "its least sure steps" : `largest weights at ${letter(stop)}`);
    const rows = listedWeights(r, at);
    bars.forEach(({ node, name, weight, number }, n) => {
      node.style.visibility = n < rows.length ? "" : "hidden";
      if (n >= rows.length) return;
      setText(name, rows[n][0]);
      weight.show(0, rows[n][1], "weight");
      setText(number, percent(rows[n][1]));
    });
    setText(readout, kit.veiled() ? `${letter(stop)} → ?` : at === r.path.length ? `${r.right ? "✓" : "✗"} ${told(r, at)}.` : told(r, at));
    setAttr(counted.input, "max", r.path.length);
    counted.show(r.at, `${r.at} / ${r.path.length}`, `${r.at} of ${r.path.length}`);
    many.show(s.points.length, String(s.points.length));
    setText(step, r.closed ? "Start again" : "Step");
    setText(gone, `Remove ${letter(chosen())}`);
    const size = Object.values(s.model).reduce((all, { shape }) => all + shape.reduce((a, b) => a * b), 0) - 1; // without its heads
    setText(about, `Press a free place to add a point. The network (${s.trained}) runs in this page: ${size.toLocaleString("en")} parameters of 8 bits each.`);
  };
  return {
    node: h("div", {}, board.node, h("p", { class: "attn-under" }, ...Object.entries({
      "true hull": "9px solid var(--attn-value); opacity: 0.7", "its outline": "2.5px solid var(--attn-query)", "its weights": "4px solid var(--attn-accent)",
    }).map(([name, line]) => h("span", {}, h("span", { class: "attn-swatch", style: `border-top: ${line}` }), name)))),
    side: h("div", { class: "attn-readings" }, readout, table, counted.node, h("div", { class: "attn-row" }, step, round),
      many.node, h("div", { class: "attn-row" }, others, gone), about),
    draw,
  };
}

// --- the tasks --------------------------------------------------------------------------------------------------------

const done = [
  (s, r, { memo }) => (memo.guess !== undefined || r.at > 0) && {
    verdict: memo.guess === undefined ? "" : memo.guess === r.ends[0] ? "Yes." : `Not ${letter(memo.guess)}.`,
    start: letter(r.path[0]), best: letter(r.ends[0]), share: percent(r.sure[0]),
  },
  (s, r, { before }) => {
    const t = r.sure.indexOf(Math.min(...r.sure));
    const others = r.weights[t].map((weight, i) => (i === r.ends[t] ? 0 : weight));
    const second = others.indexOf(Math.max(...others));
    return r.closed && String(s.points) !== String(before.points) && r.sure[t] <= UNSURE && {
      start: letter(r.path[t]), best: letter(r.ends[t]), share: percent(r.sure[t]), second: letter(second), other: percent(others[second]),
    };
  },
  (s, r) => s.points.length > TRAINED && r.closed && !r.right && r.round.corners.length > 2 && { count: s.points.length, verdict: r.what },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: () => [],
  table: {
    caption: "Where each point is, its weight for the next step, its place in the outline, and where it really lies",
    columns: ["point", "x", "y", "weight", "place", "on the hull"],
    rows: (s, r) => s.points.map((place, i) => [
      letter(i), ...place.map((value) => decimal(value)), r.closed ? "–" : percent(r.weights[r.at][i]),
      r.path.slice(0, r.at + 1).includes(i) ? String(r.path.indexOf(i) + 1) : "–",
      r.round.corners.includes(i) ? "corner" : r.round.along.includes(i) ? "edge" : "inside"]),
  },
  say: (s, r) => told(r),
  done,
  fits: (s) => apart(s.points),
  veiled: true,
});
