/**
 * The channel mixer: one picture in eight channels, a gate for each of them, and a mask on its places.
 * What can be set, in which words, the pictures and the weights are declared in attnbook.widgets.channel.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/channel.js";
import { SEQUENTIAL } from "./facts/theme.js";
import {
  ARROWS_TOO, bar, barSlider, chips, clamp, decimal, h, memoize, percent, rove, setAttr, setHidden, setText, weightmap
} from "./kit.js";
import { channelScores, scale, softmaxGates, spatialMask, squeeze } from "./math/gates.js";
import { imageOf, shuffled, split } from "./math/mosaic.js";
import { sigmoid } from "./math/softmax.js";
import { lights, ownPicture } from "./mosaic.js";

const { bias, counts, full, hues, kernel, mostScore, open, opposite, pictures, side, strength, traits } = FACTS;
const NAMES = Object.keys(FACTS.channels);
const COLOURS = Object.values(FACTS.channels);
const [WHOLE, MOST_PUSH] = ["all", traits.push.most];
const ONES = NAMES.map(() => 1);
const UP = 0.98 * mostScore; // a score that is pulled all the way

// --- what follows from the state ----------------------------------------------------------------------------------------

const splitOf = memoize((text) => split(imageOf(text, side ** 2)));
const mapsOf = memoize((all, turn, seed) => shuffled(all.map((_, c) => all[c < hues ? (c - turn + hues) % hues : c]), seed));
const meansOf = memoize((maps, places) => squeeze(places ? scale(maps, ONES, places) : maps));
const maskOf = memoize((maps) => spatialMask(maps, kernel, bias));

const heardBy = (rule, c) => (rule === "opposite" ? opposite[c] : c);

/** The weights of the two layers, by hand: a hidden unit for r channels in a row, which opens or shuts those that hear it. */
export function weightsOf({ reduction, rule, push }) {
  const sign = rule === "shut" ? -1 : 1;
  const units = Array.from({ length: Math.ceil(NAMES.length / reduction) }, (_, j) => j);
  const has = (j, c) => (Math.floor(c / reduction) === j ? 1 : 0);
  const w1 = units.map((j) => counts.map((each, c) => each * has(j, c)));
  const w2 = NAMES.map((_, c) => units.map((j) => sign * strength * has(j, heardBy(rule, c))));
  return { w1, w2, b1: units.map(() => -full), b2: push.map((each) => each - sign * open) };
}

export function compute(s) {
  const maps = mapsOf(splitOf(s.picture === "own" ? s.own : pictures[s.picture]), s.turn, s.shuffle);
  let places = s.mask === "spatial first" || s.mask === "parallel" ? maskOf(maps) : null;
  const means = meansOf(maps, s.mask === "spatial first" ? places : null);
  const scores = channelScores(means, weightsOf(s));
  const gates = s.kind === "sigmoid" ? scores.map(sigmoid) : softmaxGates(scores, s.kind === "sink" ? 0 : null);
  if (s.mask === "channel first") places = spatialMask(scale(maps, gates), kernel, bias);
  return { maps, means, scores, gates, places, push: s.push };
}

const extreme = (list, which) => list.indexOf(which(...list));
const say = (s, { gates }) => {
  const [most, least] = [Math.max, Math.min].map((which) => extreme(gates, which));
  return `widest open: ${NAMES[most]} ${percent(gates[most])}; shut most: ${NAMES[least]} ${percent(gates[least])}`;
};

// --- the picture before and after, and a row for each channel -----------------------------------------------------------

const EACH = NAMES.map((_, c) => [c]);
const ALL = EACH.flat();
const canvas = () => lights(side, COLOURS);

function view(caption, ...nodes) {
  const image = h("div", { class: "attn-map", role: "img" }, ...nodes);
  const told = h("figcaption", { class: "attn-hint" }, caption);
  return { image, caption: told, node: h("figure", { class: "attn-view" }, image, told) };
}

/** A channel: its map and name to press, its mean, its score to pull, its gate, and its map after all that. */
function row(kit, c, stops) {
  const { signal } = kit;
  const name = NAMES[c];
  const [before, after, mean, gate] = [canvas(), canvas(), bar(), bar()];
  const [meanText, gateText] = [h("span", { class: "attn-number" }), h("span", { class: "attn-number" })];
  const press = kit.button("", () => {
    if (kit.task === 0 && kit.memo.guess === undefined) {
      kit.memo.guess = c;
      if (kit.veiled()) return kit.frame();
    }
    const look = kit.s.look === name ? WHOLE : name;
    return kit.change({ look }, () => (look === WHOLE ? "all channels are shown" : `${name} is shown alone`));
  });
  press.className = "attn-channel";
  press.append(before.node, h("span", {}, name));
  const score = barSlider(`score of ${name}`, {
    signal,
    onInput: (value) => kit.change({ // from the push that made the score: there may be two moves before the next frame
      push: kit.s.push.map((was, i) => (i === c ? clamp(value - kit.result.scores[c] + kit.result.push[c], -MOST_PUSH, MOST_PUSH) : was)),
    }, (s, r) => `score of ${name} ${decimal(r.scores[c])}, gate ${percent(r.gates[c])}`),
  });
  rove(stops.press, press, signal, ARROWS_TOO);
  rove(stops.score, score.input, signal);
  const paintBefore = memoize((maps) => before.paint(maps, EACH[c]));
  const paintAfter = memoize((maps, gate, places) => after.paint(maps, EACH[c], ONES.map(() => gate), places));
  return {
    node: h("div", { class: "attn-line", role: "group", "aria-label": name }, press,
      h("span", { class: "attn-gauge attn-answer" }, mean.node, meanText), score.node,
      h("span", { class: "attn-gauge attn-answer" }, gate.node, gateText), h("span", { class: "attn-answer" }, after.node)),
    draw(s, r, most) {
      const veiled = kit.veiled();
      setAttr(press, "aria-pressed", s.look === name ? "true" : "false");
      paintBefore(r.maps);
      paintAfter(r.maps, r.gates[c], r.places);
      mean.show(0, r.means[c] / most, "weight");
      gate.show(0, r.gates[c], "weight");
      setText(meanText, decimal(r.means[c], 3));
      setText(gateText, percent(r.gates[c]));
      const shown = veiled ? 0 : clamp(r.scores[c], -mostScore, mostScore);
      score.show(shown, mostScore, veiled ? "not told yet" : `${decimal(r.scores[c])}, gate ${percent(r.gates[c])}`);
    },
  };
}

function stage(kit) {
  const [before, after, mask] = [canvas(), canvas(), weightmap(side, SEQUENTIAL)];
  const views = [view("before", before.node), view("mask", ...mask.nodes), view("after", after.node)];
  const stops = { press: {}, score: {} };
  const rows = NAMES.map((_, c) => row(kit, c, stops));
  const heads = ["channel", "mean", "score ↔", "gate", "after"].map((text) => h("span", {}, text));
  const paintBefore = memoize((maps, shown) => before.paint(maps, shown));
  const paintMask = memoize(mask.paint);
  const scaleOf = kit.scale();
  return {
    node: h("div", { class: "attn-views" }, ...views.map(({ node }) => node)),
    side: h("div", { class: "attn-mixer" },
      h("div", { class: "attn-line attn-hint", "aria-hidden": "true" }, ...heads), ...rows.map(({ node }) => node)),
    draw(s, r) {
      const shown = s.look === WHOLE ? ALL : EACH[NAMES.indexOf(s.look)];
      const most = scaleOf(Math.max(...r.means));
      paintBefore(r.maps, shown);
      after.paint(r.maps, shown, r.gates, r.places);
      for (const each of rows) each.draw(s, r, most);
      setHidden(views[1].node, !r.places);
      const { told } = kit.memo; // not once most is left of something else
      setText(views[2].caption, told && told.kept === NAMES[mostKept(r)] ? `after: ${told.verdict} most is left of ${told.kept}` : "after");
      if (r.places) paintMask(r.places);
      const what = s.look === WHOLE ? "The picture" : `The channel ${s.look}`;
      const what2 = r.places ? `The mask, from ${percent(Math.min(...r.places))} to ${percent(Math.max(...r.places))}` : "";
      [`${what} before the block`, what2, kit.veiled() ? `${what} after the block: not told yet` : `${what} after the block; ${say(s, r)}`]
        .forEach((text, i) => setAttr(views[i].image, "aria-label", text));
    },
  };
}

// --- which picture, and what is done to it --------------------------------------------------------------------------------

function source(kit) {
  const choice = kit.control("picture", { as: chips });
  const own = choice.node.querySelector('[data-value="own"]');
  const opener = ownPicture(kit, side, (text) => kit.preset({ picture: "own", own: text, look: WHOLE }, "your own picture"));
  const node = h("div", { class: "attn-source" }, choice.node, ...opener.nodes);
  const shuffle = kit.button("", () => kit.preset({ shuffle: kit.s.shuffle ? 0 : 1 }, kit.s.shuffle ? "the places as they were" : "the places are shuffled"));
  const turn = kit.button("Turn the colours", () => kit.preset({ turn: (kit.s.turn + 1) % hues }, "the colours are turned by one step"));
  node.append(h("div", { class: "attn-row attn-acts" }, shuffle, turn, opener.button));
  return {
    node,
    show(s) {
      choice.show(s);
      setHidden(own, !s.own && s.picture !== "own");
      setText(shuffle, s.shuffle ? "Put the places back" : "Shuffle the places");
    },
  };
}

function weights() {
  const node = h("p", { class: "attn-hint" });
  return {
    node,
    show({ reduction, rule, mask }) {
      const some = NAMES.filter((_, c) => c % reduction === 0).map((_, j) => NAMES.slice(j * reduction, (j + 1) * reduction).join(" + "));
      setText(node, `All weights are set by hand. There is a hidden unit for each of these: ${some.join(", ")}. It fires when the means sum `
        + `to more than ${full}, grey and white counting a fifth, and then ${{ open: "opens these gates", shut: "shuts these gates", opposite: "opens the gates of their opposites" }[rule]}.`
        + (mask === "none" ? "" : " The mask is open where the sum of the channels and the largest of them, averaged over 5 × 5 places, are large; beyond the border there are zeros."));
    },
  };
}

// --- the tasks --------------------------------------------------------------------------------------------------------

/** The colour of which most is left. */
const mostKept = (r) => extreme(r.means.slice(0, hues).map((mean, c) => mean * r.gates[c]), Math.max);
const gap = (a, b) => decimal(a.reduce((most, each, i) => Math.max(most, Math.abs(each - b[i])), 0), 3);

const done = [
  (s, r, { memo }) => {
    const kept = mostKept(r);
    const heard = NAMES[heardBy(s.rule, kept)];
    const [mean, own] = [heardBy(s.rule, kept), kept].map((c) => decimal(r.means[c], 3));
    const verdict = memo.guess === kept ? "Yes:" : `Not ${NAMES[memo.guess]}:`;
    return memo.guess !== undefined && (memo.told ??= { verdict, kept: NAMES[kept], gate: percent(r.gates[kept]), heard, mean, own });
  },
  (s, r) => {
    const [a, b] = ALL.filter((c) => r.scores[c] >= UP);
    const [one, other, alone, too] = [r.gates[a], r.gates[b], sigmoid(r.scores[a]), sigmoid(r.scores[b])].map(percent);
    return s.kind === "softmax" && b !== undefined && { first: NAMES[a], second: NAMES[b], one, other, alone, too };
  },
  (s, r, { before }) => s.mask === "parallel" && s.shuffle !== before.shuffle && s.turn !== before.turn && {
    gates: gap(r.gates, compute({ ...s, shuffle: before.shuffle }).gates),
    mask: gap(r.places, compute({ ...s, turn: before.turn }).places),
  },
];

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [source(kit)],
  more: (kit) => [kit.control("kind"), kit.control("mask"), kit.control("reduction", { text: String }), kit.control("rule"), weights()],
  table: {
    caption: "Each channel with its mean, its score, its gate, and its mean afterwards",
    columns: ["channel", "mean", "score", "gate", "mean after"],
    rows: (s, r) => squeeze(scale(r.maps, r.gates, r.places)).map((after, c) => [
      NAMES[c], decimal(r.means[c], 3), decimal(r.scores[c]), percent(r.gates[c]), decimal(after, 3)]),
    note: (s, r) => `The gates sum to ${decimal(r.gates.reduce((sum, gate) => sum + gate, 0))}.`,
  },
  say,
  done,
  veiled: true,
});
