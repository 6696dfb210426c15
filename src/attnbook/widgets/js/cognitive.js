/**
 * The cognitive explorer: things in a picture, what stands out, what is looked for, and where the eye goes.
 * What can be set, and in which words, is declared in attnbook.widgets.cognitive; math/looking.js computes the rest.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/cognitive.js";
import { SEQUENTIAL } from "./facts/theme.js";
import {
  clamp, decimal, h, handle, memoize, pixelBoard, placeOver, placeUnder, roomiest, setAttr, setHidden, setText, weightmap
} from "./kit.js";
import { greatest, hasTask, looker, thingAt } from "./math/looking.js";
import { kind, kindName, letter, looksChips, scenery, thingName } from "./scenery.js";

const { traits } = FACTS;
const PART = traits.objects.each.parts;
const MOST_THINGS = traits.objects.length[1];
const MOST_LOOKS = traits.fixations.most;
const SIDE = 128; // pixels of the picture, both ways
const ANY = "any";
const NIGHT = { night: ["#0b0f14", "#0b0f14"] }; // what a place sinks into that has no priority
const DEEP = 0.88; // how far
const FADE = 250; // milliseconds

const inside = (thing) => {
  const [x, y] = [thing.x, thing.y].map((at) => clamp(at, thing.size, SIDE - 1 - thing.size));
  return { ...thing, x, y };
};
const wish = (s) => (hasTask(s) ? `${s.colour === ANY ? "" : `${s.colour} `}${s.shape === ANY ? "things" : `${s.shape}s`}` : "nothing in particular");

const lookers = [1, 2, 8].map((times) => looker(SIDE, times));
export const compute = (s, haste = 0) => lookers[haste](s);

const lookText = (s, { path, things }, i) => (
  things[i] === null ? `the ground at ${path[i].toReversed().map((at) => decimal(at, 0)).join(", ")}` : thingName(s.objects, things[i]));
const say = (s, r) => (r.path.length ? `first look: ${lookText(s, r, 0)}` : "nothing stands out, there is no first look");

/** Which looks fall on a thing: "1, 4". */
const looksAt = (s, r, i) => r.things.slice(0, s.fixations).flatMap((seen, at) => (seen === i ? [at + 1] : [])).join(", ");

// --- the picture, and the two maps beside it ------------------------------------------------------------------------

function stage(kit) {
  const { signal } = kit;
  const layers = { light: weightmap(SIDE, NIGHT, (share) => DEEP * (1 - share ** 2)), map: weightmap(SIDE, SEQUENTIAL) };
  for (const [name, { nodes }] of Object.entries(layers)) nodes.forEach((node) => setAttr(node, "data-overlay", name));
  const picture = scenery(SIDE, MOST_THINGS);
  const board = pixelBoard(SIDE, "Picture with things in it", picture.node, ...layers.light.nodes, ...layers.map.nodes);
  board.roving = true;

  const looks = Array.from({ length: MOST_LOOKS }, (_, i) => ({
    lines: ["attn-way attn-halo", "attn-way"].map((name) => h("path", { class: name })),
    rings: ["attn-ring attn-halo", "attn-ring"].map((name) => h("circle", { class: i ? name : `${name} attn-first` })),
    badge: h("span", { class: "attn-badge attn-answer", "aria-hidden": "true" }, String(i + 1)),
  }));
  board.marks.classList.add("attn-answer");
  board.marks.append(...looks.flatMap(({ lines }) => lines), ...looks.flatMap(({ rings }) => rings));
  const you = h("span", { class: "attn-badge attn-you", "aria-hidden": "true" }, "you");
  board.node.append(...looks.map(({ badge }) => badge), you);

  const edit = (i, news) => ({ objects: kit.s.objects.map((thing, j) => (j === i ? inside({ ...thing, ...news }) : thing)) });
  const placeOf = (thing) => [thing?.x ?? SIDE / 2, thing?.y ?? SIDE / 2]; // a handle outlives its thing until the next frame
  const handles = Array.from({ length: MOST_THINGS }, (_, i) => handle(board, {
    name: `thing ${letter(i)}`, text: letter(i), className: "attn-thing", signal,
    get: () => placeOf(kit.s.objects[i]),
    set: ([x, y]) => kit.change(edit(i, { x, y }), ({ objects: { [i]: thing } }) => (
      thing ? `${kind(thing)} ${letter(i)} at ${decimal(thing.x, 0)}, ${decimal(thing.y, 0)}` : "")),
    home: () => placeOf(kit.start.objects[i]),
  }));
  const chosen = () => handles.findIndex(({ node }) => node === board.chosen);
  const choose = (i) => board.choose(handles[Math.max(0, i)].node);
  board.node.addEventListener("focusin", kit.frame, { signal });
  board.node.addEventListener("click", (event) => { // Enter and Space click, too
    if (kit.changed() || kit.task > 0) return; // it was pulled, not pressed; or nobody asks
    const i = handles.findIndex(({ node }) => node.contains(event.target));
    const [x, y] = i >= 0 && event.detail === 0 ? placeOf(kit.s.objects[i]) : placeUnder(board, event);
    kit.memo.guess = { place: [x, y], thing: thingAt(kit.s.objects, kit.result.picture, [y, x]) };
    kit.frame();
  }, { signal });
  kit.editor = editor(kit, { board, edit, chosen, choose });

  const panels = { bottomUp: panel("what stands out", "nothing stands out"), topDown: panel("what is looked for", "nothing is looked for") };
  const order = h("p", { class: "attn-order attn-answer" });
  // The light goes from one map to the next within FADE, unless a hand moves it.
  let [from, to, shown, began] = [null, null, null, 0];
  const lit = (next) => {
    if (next !== to) [from, to, began] = [shown, next, performance.now()];
    const share = kit.calm() || from?.length !== to.length ? 1 : clamp((performance.now() - began) / FADE, 0, 1);
    if (share < 1) kit.frame();
    shown = share === 1 ? to : to.map((value, i) => from[i] + share * (value - from[i]));
    return shown;
  };
  const show = { light: memoize(layers.light.paint), map: memoize(layers.map.paint) };

  function drawThings(s, r) {
    picture.show(s);
    if (chosen() >= s.objects.length) choose(s.objects.length - 1);
    handles.forEach(({ node, move }, i) => {
      const each = s.objects[i];
      setHidden(node, !each);
      if (!each) return;
      setAttr(node, "aria-label", `thing ${letter(i)}, ${kind(each)}`);
      const turn = looksAt(s, r, i);
      move([each.x, each.y], kit.veiled() ? "" : `; priority ${decimal(r.at.priority[i])}${turn && `; look ${turn}`}`);
      node.style.width = `${(200 * each.size) / SIDE}%`;
      node.classList.toggle("attn-best", i === chosen());
    });
  }

  /** A ring around what each look falls on, and a line from one to the next. */
  function drawLooks(s, r) {
    const circles = r.path.slice(0, s.fixations).map(([y, x], i) => {
      const thing = s.objects[r.things[i]];
      return thing ? [thing.x, thing.y, 1.42 * thing.size + 2] : [x, y, 7];
    });
    looks.forEach(({ lines, rings, badge }, i) => {
      const ring = circles[i];
      setHidden(badge, !ring);
      for (const each of [...lines, ...rings]) setAttr(each, "visibility", ring ? null : "hidden");
      if (!ring) return;
      for (const each of rings) ["cx", "cy", "r"].forEach((name, n) => setAttr(each, name, ring[n]));
      placeOver(board, badge, [ring[0] + 0.71 * ring[2], ring[1] - 0.71 * ring[2]].map((at) => clamp(at, 3, SIDE - 4)));
      const d = i ? between(circles[i - 1], ring) : "";
      for (const each of lines) setAttr(each, "d", d);
    });
    setHidden(you, !kit.memo.guess || kit.task > 0);
    if (!you.hidden) placeOver(board, you, kit.memo.guess.place);
    const seen = circles.map((_, i) => `${i + 1} ${lookText(s, r, i)}`);
    setText(order, !r.path.length ? "Nothing stands out: there is no first look." : `Looks: ${seen.join("; ") || "none is shown"}.`);
  }

  const draw = (s, r) => {
    setAttr(board.node, "data-overlay", s.overlay);
    setAttr(board.node, "data-held", kit.calm() ? "" : null);
    drawThings(s, r);
    drawLooks(s, r);
    show[s.overlay]?.(lit(s.overlay === "light" ? r.light : r.priority));
    panels.bottomUp.show(s, r.bottomUp, r.at.bottomUp, 1 - r.mix);
    panels.topDown.show(s, r.topDown, r.at.topDown, r.mix);
  };
  return {
    node: h("div", {}, board.node, order),
    side: h("div", { class: "attn-maps" }, panels.bottomUp.node, panels.topDown.node),
    draw,
  };
}

/** A line from the edge of one circle to the edge of another. */
function between([x, y, r], [u, v, q]) {
  const long = Math.hypot(u - x, v - y);
  if (long <= r + q) return "";
  const at = (share) => `${(x + share * (u - x)).toFixed(1)} ${(y + share * (v - y)).toFixed(1)}`;
  return `M${at(r / long)}L${at(1 - q / long)}`;
}

/** One of the two maps that are mixed, with its share and its name. */
function panel(some, none) {
  const map = weightmap(SIDE, SEQUENTIAL);
  const image = h("div", { class: "attn-map", role: "img" }, ...map.nodes);
  const [weight, text] = [h("strong"), h("span")];
  const show = memoize(map.paint);
  return {
    node: h("div", {}, image, h("p", { class: "attn-hint attn-answer" }, weight, text)),
    show(s, values, at, share) {
      show(values);
      const best = greatest(at);
      setAttr(image, "aria-label", `Map of ${some}, ${at[best] > 0 ? `highest on ${thingName(s.objects, best)}` : "zero on every thing"}`);
      setText(weight, `${decimal(share)} × `);
      setText(text, at[best] > 0 ? some : none);
    },
  };
}

// --- what is folded away --------------------------------------------------------------------------------------------

/** What changes the chosen thing, and adds and removes things. */
function editor(kit, { board, edit, chosen, choose }) {
  const title = h("p", { class: "attn-hint" });
  const words = { colour: "is", shape: "is a", size: "has size" };
  const parts = Object.entries(words).map(([name, has]) => kit.control(name, {
    fact: PART[name],
    shown: (s) => Boolean(s.objects[chosen()]),
    get: (s) => s.objects[chosen()][name],
    set: (value) => edit(chosen(), { [name]: value }),
    told: (value) => `thing ${letter(chosen())} ${has} ${value}`,
  }));
  const add = kit.button("Add a thing", () => {
    const { objects } = kit.s;
    if (objects.length === MOST_THINGS) return kit.announce(() => `${MOST_THINGS} things are the most`);
    const { colour, shape } = objects[chosen()] ?? { colour: "red", shape: "ball" };
    const [x, y] = roomiest(board, objects.map((each) => [each.x, each.y, each.size])).map(Math.round);
    choose(objects.length);
    return kit.change({ objects: [...objects, { shape, colour, x, y, size: 8 }] }, () => `added a ${colour} ${shape}`);
  });
  const remove = kit.button("Remove it", () => {
    const { objects } = kit.s;
    const gone = chosen();
    kit.change({ objects: objects.filter((_, i) => i !== gone) }, () => `removed ${thingName(objects, gone)}`);
  });
  return {
    node: h("div", { class: "attn-readings", role: "group", "aria-label": "The chosen thing" },
      title, ...parts.map(({ node }) => node), h("div", { class: "attn-row" }, add, remove)),
    show(s) {
      const thing = s.objects[chosen()];
      setHidden(remove, !thing);
      setText(title, thing ? `The chosen thing: ${letter(chosen())}, ${kind(thing)}. Press another to choose it.` : "There is no thing.");
      setAttr(add, "aria-disabled", s.objects.length === MOST_THINGS ? "true" : null);
      for (const part of parts) part.show(s);
    },
  };
}

// --- the tasks ------------------------------------------------------------------------------------------------------

const first = (s, r) => r.path.length > 0 && r.things[0] !== null && kindName(s.objects, r.things[0]);

const done = [
  (s, r, { memo: { guess } }) => guess && !hasTask(s) && first(s, r) && {
    verdict: guess.thing === r.things[0] ? "So does the model’s." : "The model’s goes elsewhere.", first: first(s, r),
  },
  (s, r) => hasTask(s) && first(s, r) && r.odd !== null && r.things[0] !== r.odd && { first: first(s, r), odd: kindName(s.objects, r.odd) },
  (s, r, { memo }) => {
    memo.odd ??= r.odd;
    return !hasTask(s) && first(s, r) && r.things[0] !== memo.odd && { first: first(s, r) };
  },
];

const whole = (value) => decimal(value, Number.isInteger(value) ? 0 : 1);

export const render = explorer({
  facts: FACTS,
  compute,
  stage,
  main: (kit) => [kit.control("colour", { as: looksChips }), kit.control("shape", { as: looksChips })],
  more: (kit) => [
    kit.editor,
    kit.control("mix", { shown: hasTask, text: decimal }),
    kit.control("fixations", { text: String }),
    kit.control("clutter", { text: String }),
    kit.control("overlay"),
  ],
  table: {
    caption: "Each thing, what it gets from both maps, and when it is looked at",
    columns: ["thing", "kind", "x", "y", "size", "bottom-up", "top-down", "priority", "look"],
    rows: (s, r) => s.objects.map((each, i) => [
      letter(i), kind(each), ...[each.x, each.y, each.size].map(whole),
      ...[r.at.bottomUp, r.at.topDown, r.at.priority].map((values) => decimal(values[i])), looksAt(s, r, i) || "–",
    ]),
    note: (s, r) => `Priority = ${decimal(1 - r.mix)} × bottom-up + ${decimal(r.mix)} × top-down, looking for ${wish(s)}.`,
  },
  say,
  done,
  veiled: true,
});
