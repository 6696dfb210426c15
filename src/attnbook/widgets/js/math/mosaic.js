/** attnbook.widgets.mosaic: a small picture as a text, and in channels. A map is a list of numbers, row by row from the top. */
import { uniform } from "./random.js";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"; // 0 to 63: how light a pixel is

/** A picture as a text, from its pixels as a canvas has them: red, green, blue and cover, from 0 to 255. */
export function written(data) {
  let text = "";
  for (let i = 0; i < data.length; i++) if (i % 4 < 3) text += DIGITS[Math.round((63 * data[i]) / 255)];
  return text;
}

/** Its red, its green and its blue; what is missing in the text is black. */
export function imageOf(text, count) {
  const image = [0, 1, 2].map(() => new Float64Array(count));
  for (let i = 0; i < Math.min(text.length, 3 * count); i++) image[i % 3][Math.floor(i / 3)] = Math.max(0, DIGITS.indexOf(text[i])) / 63;
  return image;
}

/** What one light has alone and what two share, in a circle from red; then what all share, up to one half and beyond. */
export function split([red, green, blue]) {
  const maps = Array.from({ length: 8 }, () => new Float64Array(red.length));
  for (let i = 0; i < red.length; i++) {
    const r = red[i], g = green[i], b = blue[i], low = Math.min(r, g, b);
    maps[0][i] = Math.max(0, r - Math.max(g, b));
    maps[1][i] = Math.max(0, Math.min(r, g) - b);
    maps[2][i] = Math.max(0, g - Math.max(r, b));
    maps[3][i] = Math.max(0, Math.min(g, b) - r);
    maps[4][i] = Math.max(0, b - Math.max(r, g));
    maps[5][i] = Math.max(0, Math.min(r, b) - g);
    maps[6][i] = Math.min(low, 0.5);
    maps[7][i] = Math.max(0, low - 0.5);
  }
  return maps;
}

/** The maps with their places in another order, the same for all of them; seed 0 leaves them. */
export function shuffled(maps, seed) {
  if (!seed) return maps;
  const numbers = uniform(seed, maps[0].length);
  const order = numbers.map((_, i) => i).sort((i, j) => numbers[i] - numbers[j]);
  return maps.map((map) => map.map((_, i) => map[order[i]]));
}
