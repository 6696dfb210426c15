/** Where the eye goes in a scene, and why: all that the explorer of chapter 1 computes, on maps as in scene.js. */
import { colourMaps, follower, shapeMaps } from "./pictures.js";
import { lastKept } from "./memoize.js";
import { fixations, priority, saliency, search } from "./saliency.js";
import { COLOURS, SHAPES, draw, strewn } from "./scene.js";

const ANY = "any";
const RADIUS = 10; // how far around a look the priority is held down afterwards, in pixels of the picture
const NEAR = 4; // a look that misses a thing by fewer pixels is a look at the thing
const BEAM = 15; // how far around the first look its light reaches

export const hasTask = (s) => s.colour !== ANY || s.shape !== ANY;
export const greatest = (list) => list.indexOf(Math.max(...list));

/** Which thing a look at a place is a look at, or null if it is the ground. */
export function thingAt(things, { labels, side, times }, [y, x]) {
  const [row, column] = [y, x].map((at) => Math.min(side - 1, Math.max(0, Math.floor((at + 0.5) / times))));
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
function lit(map, place, times) {
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

/**
 * A function of the state that returns the maps, their mix, the path, and which things it falls on: on the picture itself or
 * on one `times` smaller, each part only when what it needs has changed. Dragging a thing draws the picture anew, moving
 * the mix does not.
 */
export function looker(side, times) {
  const groundOf = lastKept((clutter, seed) => strewn({ clutter, seed, side }, times));
  const [near, edges] = [follower(), follower()];
  const pictureOf = lastKept(draw);
  const saliencyOf = lastKept(({ image }) => saliency(image, { centre: 2 / times, surround: 16 / times, smooth: near }));
  const coloursOf = lastKept(({ image }) => colourMaps(image));
  const shapesOf = lastKept(({ image }) => shapeMaps(image, { fine: 1 / times, pool: 6 / times, smooth: edges }));
  const topDownOf = lastKept((picture, colour, shape) => { // shapes cost most: only when asked for
    if (colour === ANY && shape === ANY) return new Float64Array(picture.labels.length);
    const query = [...Object.keys(COLOURS), ...SHAPES].map((name) => (name === colour || name === shape ? 1 : 0));
    const scores = search([...coloursOf(picture), ...(shape === ANY ? [] : shapesOf(picture))], query);
    return priority(scores, scores, { mix: 1 }); // from 0 to 1, as it enters the mix
  });
  const priorityOf = lastKept((bottomUp, topDown, mix) => priority(bottomUp, topDown, { mix }));
  const pathOf = lastKept((map, count) => fixations(map, count, { radius: RADIUS / times })
    .map((place) => place.map((at) => times * (at + 0.5) - 0.5)));
  const lightOf = lastKept((map, path, some) => (some && path.length ? lit(map, path[0], times) : map));
  const highest = { bottomUp: lastKept(atThings), topDown: lastKept(atThings), priority: lastKept(atThings) };

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
