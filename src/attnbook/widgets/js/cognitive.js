/**
 * The cognitive explorer: things in a picture, what stands out, what is looked for, and where the eye goes.
 * The model holds the traits of attnbook.widgets.CognitiveExplorer; everything else is computed here, once a frame, and
 * only what has changed: dragging a thing draws the picture anew, moving the mix does not.
 */
import { SEQUENTIAL } from "./facts/theme.js";
import {
  announcer, bar, button, choice, clamp, colourScale, connect, decimal, h, handle, memoize, pixelBoard,
  placeOver, rgbCanvas, setAttr, setText, slider, weightmap
} from "./kit.js";
import { colourMaps, shapeMaps } from "./math/features.js";
import { fixations, priority, saliency, search } from "./math/saliency.js";
import { COLOURS, SHAPES, draw, specks } from "./math/scene.js";

const SIDE = 128; // pixels of the picture, both ways
const MOST_THINGS = 12;
const MOST_LOOKS = 6;
const MOST_CLUTTER = 200;
const SIZES = [4, 24];
const ANY = "any";
const RADIUS = 10; // how far around a look the priority is held down afterwards
const NEAR = 4; // a look that misses a thing by fewer pixels is a look at the thing
const TRAITS = ["objects", "clutter", "seed", "mix", "colour", "shape", "fixations", "overlay", "try_first"];
const TRY_FIRST = "nobody asked for anything, and the red ball wins. Ask for a blue triangle, then push the mix to the "
  + "right, step by step. When does the heat leave the odd one out?";
const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth"];
const OVERLAYS = [["heat", "priority as heat"], ["mask", "picture seen through it"], ["none", "picture alone"]];

const PAPER = Object.fromEntries(Object.entries(SEQUENTIAL).map(([theme, [zero]]) => [theme, [zero, zero]]));

const letter = (i) => String.fromCharCode(97 + i);
const kind = ({ colour, shape }) => `${colour} ${shape}`;
const inside = (thing) => ({
  ...thing,
  x: clamp(thing.x, thing.size, SIDE - 1 - thing.size),
  y: clamp(thing.y, thing.size, SIDE - 1 - thing.size),
});

/** "a, the red ball", or "b, a green square" where there are more of its kind. */
function thingName(things, i) {
  const alone = things.filter((thing) => kind(thing) === kind(things[i])).length === 1;
  return `${letter(i)}, ${alone ? "the" : "a"} ${kind(things[i])}`;
}

/** Which thing a look at a place is a look at, or null if it is the ground. */
function thingAt(things, labels, [y, x]) {
  const label = labels[y * SIDE + x];
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

/** The place in the picture that is farthest from all things and from its edges. */
function freePlace(things) {
  let [best, widest] = [[SIDE / 2, SIDE / 2], -Infinity];
  for (let y = 12; y <= SIDE - 12; y += 4) {
    for (let x = 12; x <= SIDE - 12; x += 4) {
      const gaps = things.map((thing) => Math.hypot(x - thing.x, y - thing.y) - thing.size);
      const gap = Math.min(...gaps, x, y, SIDE - 1 - x, SIDE - 1 - y);
      if (gap > widest) [best, widest] = [[x, y], gap];
    }
  }
  return best;
}

export function render({ model, el }) {
  const { signal, state, start, frame, change: changeAll, open } = connect(model, TRAITS, () => show());
  const change = (name, value) => changeAll({ [name]: value });

  // --- what is computed, each part only when what it needs has changed -----------------------------------------------

  const groundOf = memoize((clutter, seed) => specks({ clutter, seed, side: SIDE }));
  const pictureOf = memoize((things, under) => draw(things, under));
  const saliencyOf = memoize((picture) => saliency(picture.image));
  const coloursOf = memoize((picture) => colourMaps(picture.image));
  const shapesOf = memoize((picture) => (picture ? shapeMaps(picture.image) : [])); // they cost most: only when asked for
  const topDownOf = memoize((someMaps, moreMaps, colour, shape) => {
    const query = [...Object.keys(COLOURS), ...SHAPES].map((name) => (name === colour || name === shape ? 1 : 0));
    const scores = search([...someMaps, ...moreMaps], query);
    return priority(scores, scores, { mix: 1 }); // from 0 to 1, as it enters the mix
  });
  const priorityOf = memoize((bottomUp, topDown, mix) => priority(bottomUp, topDown, { mix }));
  const fixationsOf = memoize((map) => fixations(map, MOST_LOOKS, { radius: RADIUS }));
  const highest = { bottomUp: memoize(atThings), topDown: memoize(atThings), priority: memoize(atThings) };

  const compute = (s) => {
    const picture = pictureOf(s.objects, groundOf(s.clutter, s.seed));
    const bottomUp = saliencyOf(picture);
    const topDown = topDownOf(coloursOf(picture), shapesOf(s.shape === ANY ? null : picture), s.colour, s.shape);
    const map = priorityOf(bottomUp, topDown, s.mix);
    const path = fixationsOf(map);
    const at = (name, values) => highest[name](values, picture.labels, s.objects.length);
    return {
      picture, bottomUp, topDown, priority: map, path,
      things: path.map((place) => thingAt(s.objects, picture.labels, place)),
      at: { bottomUp: at("bottomUp", bottomUp), topDown: at("topDown", topDown), priority: at("priority", map) },
    };
  };

  let last = null; // the answer of the last frame, for announcements
  const { announce, node: status } = announcer(signal);
  const lookText = (i) => {
    const [y, x] = last.path[i];
    return last.things[i] === null ? `the ground at ${x}, ${y}` : thingName(model.get("objects"), last.things[i]);
  };
  const firstLookText = () => (last.path.length ? `first look: ${lookText(0)}` : "the priority is the same everywhere");
  const announceWithFirstLook = (text) => announce(() => `${text()}; ${firstLookText()}`);

  // --- the picture --------------------------------------------------------------------------------------------------

  const photo = rgbCanvas(SIDE);
  const heat = weightmap(SIDE, SEQUENTIAL, (share) => 0.4 + 0.4 * share);
  const veil = weightmap(SIDE, PAPER, (share) => 0.95 * (1 - share));
  const overlays = { heat, mask: veil };
  for (const [name, map] of Object.entries(overlays)) map.nodes.forEach((node) => setAttr(node, "data-overlay", name));
  const board = pixelBoard(SIDE, "Picture with things in it", photo.node, ...heat.nodes, ...veil.nodes);
  const ring = h("path", { class: "attn-ring" });
  const trails = ["attn-halo", "attn-trail"].map((name) => h("path", { class: name }));
  board.marks.append(...trails, ring);

  let chosen = 0; // the thing that the fields speak of
  const choose = (i) => {
    if (chosen === i) return;
    chosen = i;
    frame();
  };
  const edit = (i, changes) => change("objects", model.get("objects").map(
    (thing, j) => (j === i ? inside({ ...thing, ...changes }) : thing),
  ));
  // A handle outlives its thing until the next frame, and may be pressed meanwhile.
  const placeOf = (thing) => [thing?.x ?? SIDE / 2, thing?.y ?? SIDE / 2];
  const handles = Array.from({ length: MOST_THINGS }, (_, i) => {
    const grip = handle(board, {
      name: `thing ${letter(i)}`,
      text: letter(i),
      className: "attn-thing",
      get: () => placeOf(model.get("objects")[i]),
      set: ([x, y]) => {
        choose(i);
        edit(i, { x, y });
        announceWithFirstLook(() => {
          const thing = model.get("objects")[i];
          return thing ? `${kind(thing)} ${letter(i)} at ${decimal(thing.x, 0)}, ${decimal(thing.y, 0)}` : "";
        });
      },
      home: () => placeOf(start.objects[i]),
      signal,
    });
    // Enter and Space click. To pass by with Tab chooses nothing, or a choice would not last on the way to its fields.
    for (const event of ["click", "pointerdown"]) grip.node.addEventListener(event, () => choose(i), { signal });
    return grip;
  });
  const marks = Array.from({ length: MOST_LOOKS }, (_, i) => (
    h("span", { class: "attn-look", "aria-hidden": "true" }, String(i + 1))
  ));
  board.node.append(...marks);
  const legend = colourScale(SEQUENTIAL, "priority");
  legend.label("0", "1");
  const order = h("p", { class: "attn-order" });

  // --- the two maps that are mixed ----------------------------------------------------------------------------------

  const panel = (title, some, none) => {
    const map = weightmap(SIDE, SEQUENTIAL);
    const node = h("div", { class: "attn-map", role: "img" }, ...map.nodes);
    const [weight, text] = [h("strong"), h("span")];
    return {
      map, node, title, weight, text, some, none,
      figure: h("div", {}, node, h("p", { class: "attn-hint" }, weight, ` × ${title}: `, text)),
    };
  };
  const panels = {
    bottomUp: panel("bottom-up", "what stands out", "nothing stands out"),
    topDown: panel("top-down", "what is asked for", "nothing is asked for, or to be found"),
  };

  // --- the controls -------------------------------------------------------------------------------------------------

  const names = (list) => list.map((name) => [name, name]);
  const findColour = choice("Find colour", names([ANY, ...Object.keys(COLOURS)]), {
    onChange: (name) => { change("colour", name); announceWithFirstLook(questionText); }, signal,
  });
  const findShape = choice("Find shape", names([ANY, ...SHAPES]), {
    onChange: (name) => { change("shape", name); announceWithFirstLook(questionText); }, signal,
  });
  function questionText() {
    const [colour, shape] = [model.get("colour"), model.get("shape")];
    if (colour === ANY && shape === ANY) return "asked for nothing in particular";
    return `asked for ${colour === ANY ? "" : `${colour} `}${shape === ANY ? "things" : `${shape}s`}`;
  }
  const mix = slider("Mix", {
    min: 0, max: 1, step: 0.05, signal,
    onInput: (value) => { change("mix", value); announceWithFirstLook(() => `mix ${decimal(value)}`); },
  });
  const count = slider("Looks", {
    min: 0, max: MOST_LOOKS, step: 1, signal,
    onInput: (value) => { change("fixations", value); announceWithFirstLook(() => `${value} look${value === 1 ? "" : "s"} shown`); },
  });
  const clutter = slider("Clutter", {
    min: 0, max: MOST_CLUTTER, step: 10, signal,
    onInput: (value) => { change("clutter", value); announceWithFirstLook(() => `${value} specks on the ground`); },
  });
  const overlay = choice("Show", OVERLAYS, { onChange: (name) => change("overlay", name), signal });

  const thing = choice("Thing", Array.from({ length: MOST_THINGS }, (_, i) => [String(i), letter(i)]), {
    onChange: (value) => choose(Number(value)), signal,
  });
  const options = [...thing.node.querySelectorAll("option")];
  const dye = choice("Its colour", names(Object.keys(COLOURS)), {
    onChange: (name) => { edit(chosen, { colour: name }); announceWithFirstLook(() => `thing ${letter(chosen)} is ${name}`); }, signal,
  });
  const form = choice("Its shape", names(SHAPES), {
    onChange: (name) => { edit(chosen, { shape: name }); announceWithFirstLook(() => `thing ${letter(chosen)} is a ${name}`); }, signal,
  });
  const size = slider("Its size", {
    min: SIZES[0], max: SIZES[1], step: 1, signal,
    onInput: (value) => { edit(chosen, { size: value }); announceWithFirstLook(() => `thing ${letter(chosen)} has size ${value}`); },
  });
  const add = button("Add a thing", {
    onClick: () => {
      const things = model.get("objects");
      if (things.length === MOST_THINGS) return announce(() => `${MOST_THINGS} things are the most; remove one first`);
      const [x, y] = freePlace(things);
      const { colour, shape } = things[chosen] ?? { colour: "red", shape: "ball" };
      chosen = things.length;
      change("objects", [...things, { shape, colour, x, y, size: 8 }]);
      return announceWithFirstLook(() => `added ${letter(chosen)}, a ${colour} ${shape}`);
    },
    signal,
  });
  const remove = button("Remove it", {
    onClick: () => {
      const things = model.get("objects");
      if (things.length === 0) return announce(() => "there is nothing to remove");
      const gone = thingName(things, chosen);
      change("objects", things.filter((_, i) => i !== chosen));
      chosen = Math.max(0, Math.min(chosen, things.length - 2));
      return announceWithFirstLook(() => `removed ${gone}`);
    },
    signal,
  });

  // --- the numbers --------------------------------------------------------------------------------------------------

  const rows = Array.from({ length: MOST_THINGS }, (_, i) => {
    const level = bar();
    const [name, value] = [h("span", { class: "attn-kind" }), h("span", { class: "attn-number" })];
    const mark = h("span", { class: "attn-mark", "aria-hidden": "true" });
    const order = h("td");
    const node = h("tr", {}, h("th", { scope: "row" }, letter(i), name),
      h("td", {}, h("span", { class: "attn-cell" }, level.node, value, mark)), order);
    const cells = Array.from({ length: 8 }, () => h("td"));
    const line = h("tr", {}, h("th", { scope: "row" }, letter(i)), ...cells);
    return { node, level, name, value, mark, order, line, cells };
  });
  const head = (...titles) => h("thead", {}, h("tr", {}, ...titles.map((title) => h("th", { scope: "col" }, title))));
  const bars = h("table", { class: "attn-bars attn-things" }, h("caption", { class: "attn-unseen" }, "Priority of each thing"),
    head("thing", "priority", "look"), h("tbody", {}, ...rows.map((row) => row.node)));
  const numbers = h("details", { class: "attn-numbers" }, h("summary", {}, "The numbers as a table"),
    h("div", { class: "attn-wide", tabindex: 0, role: "group", "aria-label": "The numbers, to scroll" },
      h("table", {}, h("caption", { class: "attn-unseen" }, "Each thing, what it gets from both maps, and when it is looked at"),
        head("thing", "kind", "x", "y", "size", "bottom-up", "top-down", "priority", "look"),
        h("tbody", {}, ...rows.map((row) => row.line)))));

  // --- all together -------------------------------------------------------------------------------------------------

  const reset = button("Reset", {
    onClick: () => {
      changeAll(structuredClone(start));
      chosen = 0;
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
          h("span", { class: "attn-circle", "aria-hidden": "true" }), "highest priority")), order),
      h("div", { class: "attn-right" },
        findColour.node, findShape.node,
        h("div", {}, mix.node, h("p", { class: "attn-ends attn-hint", "aria-hidden": "true" },
          h("span", {}, "bottom-up"), h("span", {}, "top-down"))),
        bars, numbers, count.node, overlay.node, clutter.node,
        h("div", { class: "attn-chosen", role: "group", "aria-label": "The chosen thing" },
          thing.node, dye.node, form.node, size.node, h("div", { class: "attn-row" }, add, remove))),
      h("div", { class: "attn-maps" }, panels.bottomUp.figure, panels.topDown.figure)),
    status);

  // --- drawing ------------------------------------------------------------------------------------------------------

  const painted = { // each canvas is painted again only for other numbers
    photo: memoize((image) => photo.paint(image)),
    heat: memoize((map) => heat.paint(map)),
    mask: memoize((map) => veil.paint(map)),
    bottomUp: memoize((map) => panels.bottomUp.map.paint(map)),
    topDown: memoize((map) => panels.topDown.map.paint(map)),
  };

  /** Which looks fall on a thing: "1, 4". */
  const looksAt = (s, now, i) => now.things.slice(0, s.fixations).flatMap((seen, at) => (seen === i ? [at + 1] : [])).join(", ");

  function showPicture(s, now) {
    painted.photo(now.picture.image);
    painted[s.overlay]?.(now.priority);
    painted.bottomUp(now.bottomUp);
    painted.topDown(now.topDown);
    setAttr(root, "data-overlay", s.overlay);

    handles.forEach(({ node, move }, i) => {
      node.hidden = i >= s.objects.length;
      if (node.hidden) return;
      const each = s.objects[i];
      const turn = looksAt(s, now, i);
      setAttr(node, "aria-label", `thing ${letter(i)}, ${kind(each)}`);
      move([each.x, each.y], `; priority ${decimal(now.at.priority[i])}${turn && `; look ${turn}`}`);
      node.style.width = `${(200 * each.size) / SIDE}%`;
      node.classList.toggle("attn-best", i === chosen);
    });

    const path = now.path.slice(0, s.fixations);
    const through = path.map(([y, x], i) => `${i ? "L" : "M"}${x} ${y}`).join("");
    trails.forEach((trail) => setAttr(trail, "d", through));
    const [top] = now.path;
    setAttr(ring, "d", top ? `M${top[1]} ${top[0] - 6}a6 6 0 1 1 -.01 0z` : "");
    marks.forEach((node, i) => {
      node.hidden = i >= path.length;
      if (!node.hidden) placeOver(board, node, [path[i][1], path[i][0]]);
    });
  }

  function showWords(s, now) {
    setText(task, s.try_first || TRY_FIRST);
    const seen = now.path.slice(0, s.fixations).map((_, i) => `${i + 1} ${lookText(i)}`);
    if (now.path.length === 0) setText(order, "The priority is the same everywhere: there is no first look.");
    else if (seen.length === 0) setText(order, `Highest priority: ${lookText(0)}.`);
    else setText(order, `Looks: ${seen.join("; ")}.`);
    for (const [name, { node, title, weight, text, some, none }] of Object.entries(panels)) {
      const values = now.at[name];
      const best = values.indexOf(Math.max(...values));
      const found = values[best] > 0;
      setAttr(node, "aria-label", `The ${title} map, ${found ? `highest on ${thingName(s.objects, best)}` : "zero on every thing"}`);
      setText(weight, decimal(name === "topDown" ? s.mix : 1 - s.mix));
      setText(text, found ? some : none);
    }
  }

  function showNumbers(s, now) {
    const first = now.path.length ? now.things[0] : null;
    rows.forEach(({ node, level, name, value, mark, order: turn, line, cells }, i) => {
      for (const part of [node, line]) part.hidden = i >= s.objects.length;
      if (node.hidden) return;
      const each = s.objects[i];
      const share = now.at.priority[i];
      const when = looksAt(s, now, i) || "–";
      level.show(0, share, "weight");
      setText(name, ` ${kind(each)}`);
      setText(value, decimal(share));
      setText(mark, i === first ? "◂" : "");
      setText(turn, when);
      node.classList.toggle("attn-best", i === first);
      const numbersOf = [each.x, each.y, each.size].map((number) => decimal(number, Number.isInteger(number) ? 0 : 1));
      const texts = [kind(each), ...numbersOf, decimal(now.at.bottomUp[i]), decimal(now.at.topDown[i]), decimal(share), when];
      cells.forEach((cell, c) => setText(cell, texts[c]));
    });
  }

  function showControls(s) {
    findColour.show(s.colour);
    findShape.show(s.shape);
    mix.show(s.mix, decimal(s.mix), `${decimal(s.mix)}, from bottom-up 0 to top-down 1`);
    count.show(s.fixations, String(s.fixations));
    overlay.show(s.overlay);
    clutter.show(s.clutter, String(s.clutter));
    const some = s.objects[chosen];
    options.forEach((option, i) => {
      option.hidden = option.disabled = i >= s.objects.length;
      setText(option, option.hidden ? letter(i) : `${letter(i)}, ${kind(s.objects[i])}`);
    });
    for (const part of [thing, dye, form, size, { node: remove }]) part.node.hidden = !some;
    setAttr(add, "aria-disabled", s.objects.length === MOST_THINGS ? "true" : null);
    if (!some) return;
    thing.show(String(chosen));
    dye.show(some.colour);
    form.show(some.shape);
    size.show(some.size, decimal(some.size, Number.isInteger(some.size) ? 0 : 1));
  }

  function show() {
    const s = state();
    chosen = clamp(chosen, 0, Math.max(0, s.objects.length - 1));
    last = compute(s);
    showPicture(s, last);
    showWords(s, last);
    showNumbers(s, last);
    showControls(s);
  }

  return open(root, el);
}
