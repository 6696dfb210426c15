/** Where would somebody look? attnbook.core.saliency, search, priority and fixations, on maps as in scene.js. */
import { blur, colourMaps } from "./pictures.js";
import { inner } from "./vectors.js";

const COMMON = 0.05;
const FLAT = 1e-5;

/** How much each place stands out of what surrounds it, from 0 to 1; `smooth` may be a follower. */
export function saliency(image, { centre = 2, surround = 16, smooth = blur } = {}) {
  const [red, green, blue] = image;
  const count = red.length;
  const [lightness, contrast, sum] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) lightness[i] = (red[i] + green[i] + blue[i]) / 3;
  [lightness, ...colourMaps(image)].forEach((map, f) => {
    const [near, far] = [smooth(map, centre, f), smooth(map, surround, f)];
    for (let i = 0; i < count; i++) contrast[i] = near[i] - far[i];
    const rare = 1 / (COMMON + Math.sqrt(inner(contrast, contrast) / count));
    for (let i = 0; i < count; i++) sum[i] += contrast[i] * rare * contrast[i] * rare;
  });
  for (let i = 0; i < count; i++) sum[i] = Math.sqrt(sum[i]);
  return scaled(sum, FLAT / COMMON);
}

function greatest(map) {
  let most = -Infinity;
  for (let i = 0; i < map.length; i++) if (map[i] > most) most = map[i];
  return most;
}

/** The map without what is below 0, divided by its greatest number; one that never rises above `least` is 0 everywhere. */
function scaled(map, least = 0) {
  const most = greatest(map);
  const share = new Float64Array(map.length);
  if (most > least) for (let i = 0; i < map.length; i++) share[i] = Math.max(0, map[i]) / most;
  return share;
}

/** How well each place answers the query: the dot product of the query and the features there. */
export function search(maps, query) {
  const scores = new Float64Array(maps[0].length);
  maps.forEach((map, f) => {
    if (query[f] === 0) return;
    for (let i = 0; i < scores.length; i++) scores[i] += query[f] * map[i];
  });
  return scores;
}

/** (1 − mix) · bottom-up + mix · top-down, each divided by its greatest number. */
export function priority(bottomUp, topDown, { mix }) {
  const [up, down] = [scaled(bottomUp), scaled(topDown)];
  for (let i = 0; i < up.length; i++) up[i] = (1 - mix) * up[i] + mix * down[i];
  return up;
}

/** The best place [y, x], then the best when its neighbourhood is suppressed, and so on; fewer if nothing is left. */
export function fixations(map, count, { radius }) {
  const side = Math.sqrt(map.length);
  const left = map.slice();
  const bell = (at) => Float64Array.from({ length: side }, (_, i) => Math.exp(-((i - at) ** 2) / (2 * radius ** 2)));
  const seen = [];
  while (seen.length < count) {
    const most = greatest(left);
    if (!(most > 0)) break;
    const place = left.indexOf(most);
    const [y, x] = [Math.floor(place / side), place % side];
    seen.push([y, x]);
    const [down, across] = [bell(y), bell(x)];
    for (let i = 0, at = 0; i < side; i++) for (let j = 0; j < side; j++, at++) left[at] *= 1 - down[i] * across[j];
  }
  return seen;
}
