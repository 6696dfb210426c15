/** Which colours and shapes are where: attnbook.core.colour_maps and shape_maps, of an image as in scene.js. */
import { blur } from "./blur.js";

const FAINT = 0.005;

/** How red, how green, how blue and how yellow each place is. */
export function colourMaps([red, green, blue]) {
  const maps = [0, 1, 2, 3].map(() => new Float64Array(red.length));
  for (let i = 0; i < red.length; i++) {
    const r = red[i], g = green[i], b = blue[i]; // no lists in a loop over pixels: they cost more than the arithmetic
    maps[0][i] = Math.max(0, r - Math.max(g, b));
    maps[1][i] = Math.max(0, g - Math.max(r, b));
    maps[2][i] = Math.max(0, b - Math.max(r, g));
    maps[3][i] = Math.max(0, Math.min(r, g) - b);
  }
  return maps;
}

/** How round, how square and how triangular what lies around each place is, from the directions of its edges; `smooth` may be a follower. */
export function shapeMaps(image, { fine = 1, pool = 6, smooth = blur } = {}) {
  const count = image[0].length;
  const side = Math.sqrt(count);
  const [real, imaginary] = [new Float64Array(count), new Float64Array(count)]; // of e exp(2iθ)
  image.forEach((channel, c) => {
    const map = smooth(channel, fine, c);
    for (let y = 0, at = 0; y < side; y++) {
      const [above, below] = [y > 0 ? side : 0, y + 1 < side ? side : 0];
      for (let x = 0; x < side; x++, at++) {
        const acrossSlope = (map[x + 1 < side ? at + 1 : at] - map[x > 0 ? at - 1 : at]) / 2;
        const downSlope = (map[at + below] - map[at - above]) / 2;
        real[at] += acrossSlope * acrossSlope - downSlope * downSlope;
        imaginary[at] += 2 * acrossSlope * downSlope;
      }
    }
  });
  const [edge, four, six] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    edge[i] = Math.sqrt(real[i] * real[i] + imaginary[i] * imaginary[i]);
    if (edge[i] === 0) continue;
    const cos = real[i] / edge[i], sin = imaginary[i] / edge[i];
    four[i] = edge[i] * (cos * cos - sin * sin);
    six[i] = -edge[i] * (cos * cos * cos - 3 * cos * sin * sin);
  }
  const [e, a, b, q, t] = [edge, real, imaginary, four, six].map((map, i) => smooth(map, pool, i));
  const maps = [0, 1, 2].map(() => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    const line = Math.sqrt(a[i] * a[i] + b[i] * b[i]);
    const square = Math.abs(q[i]), triangular = Math.abs(t[i]), all = e[i] + FAINT;
    maps[0][i] = Math.max(0, e[i] - line - square - triangular) / all;
    maps[1][i] = Math.max(0, q[i] - line - triangular) / all;
    maps[2][i] = Math.max(0, t[i] - line - square) / all;
  }
  return maps;
}
