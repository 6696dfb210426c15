/**
 * The cognitive explorer: things in a picture, what stands out, what is looked for, and where the eye goes.
 * What can be set, and in which words, is declared in attnbook.widgets.cognitive. Everything else is computed here, and
 * only what has changed: dragging a thing draws the picture anew, moving the mix does not.
 */
import { explorer } from "./explorer.js";
import { FACTS } from "./facts/cognitive.js";
import { SEQUENTIAL } from "./facts/theme.js";
import {
  chips, choice, clamp, decimal, h, handle, memoize, pixelBoard, placeOver, placeUnder, setAttr, setText, slider, weightmap
} from "./kit.js";
import { follower } from "./math/blur.js";
import { colourMaps, shapeMaps } from "./math/features.js";
import { fixations, priority, saliency, search } from "./math/saliency.js";
import { COLOURS, GROUND, SHAPES, draw, outline, specks, strewn } from "./math/scene.js";

const { traits } = FACTS;
const PART = traits.objects.each.parts;
const MOST_THINGS = traits.objects.length[1];
const MOST_LOOKS = traits.fixations.most;
const SIDE = 128; // pixels of the picture, both ways
const ANY = "any";
const RADIUS = 10; // how far around a look the priority is held down afterwards
const NEAR = 4; // a look that misses a thing by fewer pixels is a look at the thing
const NIGHT = { night: ["#0b0f14", "#0b0f14"] }; // what a place sinks into that has no priority
const DEEP = 0.88; // how far
const BEAM = 15; // how far around the first look its light reaches
const FADE = 250; // milliseconds

const letter = (i) => String.fromCharCode(97 + i);
const kind = ({ colour, shape }) => `${colour} ${shape}`;
const inside = (thing) => ({
  ...thing,
  x: clamp(thing.x, thing.size, SIDE - 1 - thing.size),
  y: clamp(thing.y, thing.size, SIDE - 1 - thing.size),
});
const hasTask = (s) => s.colour !== ANY || s.shape !== ANY;
const wish = (s) => (hasTask(s) ? `${s.colour === ANY ? "" : `${s.colour} `}${s.shape === ANY ? "things" : `${s.shape}s`}` : "nothing in particular");
const paint = (parts) => `rgb(${parts.map((part) => Math.round(255 * part))})`;
const grey = (light) => paint([light, light, light]);
const greatest = (list) => list.indexOf(Math.max(...list));

/** "the red ball", or "a green square" where there are more of its kind. */
const alone = (things, i) => things.filter((thing) => kind(thing) === kind(things[i])).length === 1;
const kindName = (things, i) => `${alone(things, i) ? "the" : "a"} ${kind(things[i])}`;
const thingName = (things, i) => `${kindName(things, i)}${alone(things, i) ? "" : ` (${letter(i)})`}`;

/** Which thing a look at a place is a look at, or null if it is the ground. */
function thingAt(things, { labels, side }, [y, x]) {
  const [row, column] = [y, x].map((at) => clamp(Math.floor(((at + 0.5) * side) / SIDE), 0, side - 1));
  const label = labels[row * side + column];
  if (label) return label - 1;
  const gaps = things.map((thing) => Math.hypot(x - thing.x, y - thing.y) - thing.size);
  const nearest = gaps.indexOf(Math.min(...gaps));
  return nearest < 0 || gaps[nearest] >= NEAR ? null : nearest;
}

/** The highest number of a map on each of `count` things, as far as it is to be seen. */
function atThings(map, labels, count) {
  const highest = new Array(count + 1).fill(0);
  for (let i = 0; i < labels.length; i++) highest[labels[i]] = Math.max(highest[labels[i]], map[i]);
  return highest.slice(1);
}

/** The map, and full light where the eye looks first. */
function beam(map, place, times) {
  const [light, side] = [map.slice(), Math.sqrt(map.length)];
  const [rows, columns] = place.map((centre) => Float64Array.from({ length: side }, (_, i) => (
    ((times * (i + 0.5) - 0.5 - centre) / BEAM) ** 2)));
  for (let i = 0, at = 0; i < side; i++) {
    for (let j = 0; j < side; j++, at++) {
      const far = rows[i] + columns[j];
      if (far < 4) light[at] = Math.max(light[at], Math.exp(-far * far));
    }
  }
  return light;
}

/** What follows from a state, on the picture itself or on one `times` smaller, each part only when what it needs has changed. */
function pipeline(times) {
  const groundOf = memoize((clutter, seed) => strewn({ clutter, seed, side: SIDE }, times));
  const [near, edges] = [follower(), follower()];
  const pictureOf = memoize(draw);
  const saliencyOf = memoize(({ image }) => saliency(image, { centre: 2 / times, surround: 16 / times, smooth: near }));
  const coloursOf = memoize(({ image }) => colourMaps(image));
  const shapesOf = memoize(({ image }) => shapeMaps(image, { fine: 1 / times, pool: 6 / times, smooth: edges }));
  const topDownOf = memoize((picture, colour, shape) => { // shapes cost most: only when asked for
    if (colour === ANY && shape === ANY) return new Float64Array(picture.labels.length);
    const query = [...Object.keys(COLOURS), ...SHAPES].map((name) => (name === colour || name === shape ? 1 : 0));
    const scores = search([...coloursOf(picture), ...(shape === ANY ? [] : shapesOf(picture))], query);
    return priority(scores, scores, { mix: 1 }); // from 0 to 1, as it enters the mix
  });
  const priorityOf = memoize((bottomUp, topDown, mix) => priority(bottomUp, topDown, { mix }));
  const pathOf = memoize((map, count) => fixations(map, count, { radius: RADIUS / times })
    .map((place) => place.map((at) => times * (at + 0.5) - 0.5)));
  const lightOf = memoize((map, path, some) => (some && path.length ? beam(map, path[0], times) : map));
  const highest = { bottomUp: memoize(atThings), topDown: memoize(atThings), priority: memoize(atThings) };

  return (s) => {
    const picture = pictureOf(s.objects, groundOf(s.clutter, s.seed));
    const bottomUp = saliencyOf(picture);
    const topDown = topDownOf(picture, s.colour, s.shape);
    const mix = hasTask(s) ? s.mix : 0;
    const map = priorityOf(bottomUp, topDown, mix);
    const path = pathOf(map, Math.max(1, s.fixations));
    const at = (name, values) => highest[name](values, picture.labels, s.objects.length);
    const odd = at("bottomUp", bottomUp);
    return {
      picture, bottomUp, topDown, mix, priority: map, path,
      light: lightOf(map, path, s.fixations > 0),
      things: path.map((place) => thingAt(s.objects, picture, place)),
      at: { bottomUp: odd, topDown: at("topDown", topDown), priority: at("priority", map) },
      odd: Math.max(...odd) > 0 ? greatest(odd) : null, // the thing that stands out most
    };
  };
}
const pipelines = [1, 2, 8].map(pipeline);
export const compute = (s, haste = 0) => pipelines[haste](s);

const lookText = (s, { path, things }, i) => (
  things[i] === null ? `the ground at ${path[i].toReversed().map((at) => decimal(at, 0)).join(", ")}` : thingName(s.objects, things[i]));
const say = (s, r) => (r.path.length ? `first look: ${lookText(s, r, 0)}` : "nothing stands out, there is no first look");

/** Which looks fall on a thing: "1, 4". */
const looksAt = (s, r, i) => r.things.slice(0, s.fixations).flatMap((seen, at) => (seen === i ? [at + 1] : [])).join(", ");

/** The place in the picture that is farthest from all things and from its edges. */
function freePlace(things) {
  const places = Array.from({ length: 27 * 27 }, (_, n) => [12 + 4 * (n % 27), 12 + 4 * Math.floor(n / 27)]);
  const gap = ([x, y]) => Math.min(...things.map((each) => Math.hypot(x - each.x, y - each.y) - each.size), x, y, SIDE - 1 - x, SIDE - 1 - y);
  return places.reduce((best, place) => (gap(place) > gap(best) ? place : best), [SIDE / 2, SIDE / 2]);
}

// --- the picture, and the two maps beside it ------------------------------------------------------------------------

const options = ({ options: all }) => Object.entries(all).map(([value, { label }]) => [value, label]);

function stage(kit) {
  const { signal } = kit;
  const layers = { light: weightmap(SIDE, NIGHT, (share) => DEEP * (1 - share ** 2)), map: weightmap(SIDE, SEQUENTIAL) };
  for (const [name, { nodes }] of Object.entries(layers)) nodes.forEach((node) => setAttr(node, "data-overlay", name));
  const ground = h("g");
  const shapes = Array.from({ length: MOST_THINGS }, () => h("path", { class: "attn-shape" }));
  const picture = h("svg", { viewBox: `-0.5 -0.5 ${SIDE} ${SIDE}`, "aria-hidden": "true" },
    h("rect", { x: -0.5, y: -0.5, width: SIDE, height: SIDE, style: `fill:${grey(GROUND)}` }), ground, ...shapes);
  const board = pixelBoard(SIDE, "Picture with things in it", picture, ...layers.light.nodes, ...layers.map.nodes);
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
  kit.editor = editor(kit, { edit, chosen, choose });

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
  const strew = memoize((clutter, seed) => ground.replaceChildren(...specks({ clutter, seed, side: SIDE }).map(
    ([cx, cy, r, light]) => h("circle", { class: "attn-shape", cx, cy, r, style: `fill:${grey(light)}` }))));

  function drawThings(s, r) {
    strew(s.clutter, s.seed);
    if (chosen() >= s.objects.length) choose(s.objects.length - 1);
    handles.forEach(({ node, move }, i) => {
      const each = s.objects[i];
      node.hidden = !each;
      setAttr(shapes[i], "d", each ? outline(each) : "");
      if (!each) return;
      shapes[i].style.fill = paint(COLOURS[each.colour]);
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
      badge.hidden = !ring;
      for (const each of [...lines, ...rings]) setAttr(each, "visibility", ring ? null : "hidden");
      if (!ring) return;
      for (const each of rings) ["cx", "cy", "r"].forEach((name, n) => setAttr(each, name, ring[n]));
      placeOver(board, badge, [ring[0] + 0.71 * ring[2], ring[1] - 0.71 * ring[2]].map((at) => clamp(at, 3, SIDE - 4)));
      const d = i ? between(circles[i - 1], ring) : "";
      for (const each of lines) setAttr(each, "d", d);
    });
    you.hidden = !kit.memo.guess || kit.task > 0;
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
  const image = h("div", { class: "attn-map", role: "img" }, h("div", { class: "attn-answer" }, ...map.nodes));
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
function editor(kit, { edit, chosen, choose }) {
  const { signal } = kit;
  const alter = (news, text) => kit.change(edit(chosen(), news), () => `thing ${letter(chosen())} ${text}`);
  const title = h("p", { class: "attn-hint" });
  const dye = choice(PART.colour.label, options(PART.colour), { onChange: (colour) => alter({ colour }, `is ${colour}`), signal });
  const form = choice(PART.shape.label, options(PART.shape), { onChange: (shape) => alter({ shape }, `is a ${shape}`), signal });
  const size = slider(PART.size.label, {
    min: PART.size.least, max: PART.size.most, step: 1, signal, onInput: (value) => alter({ size: value }, `has size ${value}`),
  });
  const add = kit.button("Add a thing", () => {
    const { objects } = kit.s;
    if (objects.length === MOST_THINGS) return kit.announce(() => `${MOST_THINGS} things are the most`);
    const { colour, shape } = objects[chosen()] ?? { colour: "red", shape: "ball" };
    const [x, y] = freePlace(objects);
    choose(objects.length);
    return kit.change({ objects: [...objects, { shape, colour, x, y, size: 8 }] }, () => `added a ${colour} ${shape}`);
  });
  const remove = kit.button("Remove it", () => {
    const { objects } = kit.s;
    const gone = chosen();
    kit.change({ objects: objects.filter((_, i) => i !== gone) }, () => `removed ${thingName(objects, gone)}`);
  });
  return {
    node: h("div", { class: "attn-chosen", role: "group", "aria-label": "The chosen thing" },
      title, dye.node, form.node, size.node, h("div", { class: "attn-row" }, add, remove)),
    show({ objects }) {
      const thing = objects[chosen()];
      for (const node of [dye.node, form.node, size.node, remove]) node.hidden = !thing;
      setText(title, thing ? `The chosen thing: ${letter(chosen())}, ${kind(thing)}. Press another to choose it.` : "There is no thing.");
      setAttr(add, "aria-disabled", objects.length === MOST_THINGS ? "true" : null);
      if (!thing) return;
      dye.show(thing.colour);
      form.show(thing.shape);
      size.show(thing.size, decimal(thing.size, Number.isInteger(thing.size) ? 0 : 1));
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
  main: (kit) => [kit.control("colour", { as: chips }), kit.control("shape", { as: chips })],
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
