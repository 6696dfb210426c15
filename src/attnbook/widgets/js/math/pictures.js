/** Maps of pictures, as attnbook.core.pictures: a Gaussian blur of a map (see scene.js), fast enough to follow a drag, and which
 * colours and shapes are where. */

/** A rows × columns matrix whose entry (i, j) is entry(i, j); both counts are multiples of four. */
function matrixOf(rows, columns, entry) {
  const entries = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) entries[i * columns + j] = entry(i, j);
  return { rows, columns, entries };
}

/** Which blocks of four rows of a map have anything in them. */
function busyBlocks(map, wide) {
  const busy = new Uint8Array(map.length / wide / 4);
  for (let block = 0, at = 0; block < busy.length; block++) {
    const end = (block + 1) * 4 * wide;
    while (at < end && map[at] === 0) at++;
    busy[block] = at < end ? 1 : 0;
    at = end;
  }
  return busy;
}

/** (A M)ᵀ into `product`, by blocks of two rows of A and four of M; a block of A or M that is next to zero is left out. */
function timesTransposed({ rows, columns, entries }, map, product) {
  const wide = map.length / columns;
  const busy = busyBlocks(map, wide);
  const [upper, lower] = [new Float64Array(wide), new Float64Array(wide)];
  for (let i = 0; i < rows; i += 2) {
    upper.fill(0);
    lower.fill(0);
    for (let j = 0; j < columns; j += 4) {
      if (busy[j >> 2] === 0) continue;
      const u = i * columns + j, v = u + columns;
      const a = entries[u], b = entries[u + 1], c = entries[u + 2], d = entries[u + 3];
      const e = entries[v], f = entries[v + 1], g = entries[v + 2], h = entries[v + 3];
      if (a + b + c + d + e + f + g + h < 1e-8) continue;
      const p = j * wide, q = p + wide, r = q + wide, s = r + wide;
      for (let x = 0; x < wide; x++) {
        const k = map[p + x], l = map[q + x], m = map[r + x], n = map[s + x];
        upper[x] += a * k + b * l + c * m + d * n;
        lower[x] += e * k + f * l + g * m + h * n;
      }
    }
    for (let x = 0; x < wide; x++) {
      product[x * rows + i] = upper[x];
      product[x * rows + i + 1] = lower[x];
    }
  }
  return product;
}

const kernels = new Map();

/**
 * The matrices that blur a map, each along the axis that the one before has left. A narrow Gaussian is one matrix for each
 * axis. A wide one is made of two narrower ones, between which every few pixels' number will do: half the work or less.
 */
function kernelsOf(side, sigma) {
  const name = `${side} ${sigma}`;
  if (kernels.has(name)) return kernels.get(name);
  const near = matrixOf(side, side, (i, j) => Math.exp(-((i - j) ** 2) / (2 * sigma ** 2)));
  const rowOf = (i) => near.entries.subarray(i * side, (i + 1) * side);
  const total = Array.from({ length: side }, (_, i) => rowOf(i).reduce((sum, value) => sum + value, 0));
  const step = 0.6 * sigma;
  const few = 4 * Math.ceil((side + 8 * sigma) / step / 4); // they reach 4 sigma beyond both ends
  let found;
  if (few >= side) {
    const whole = matrixOf(side, side, (i, j) => near.entries[i * side + j] / total[i]);
    found = [whole, whole];
  } else {
    const bell = (i, m) => Math.exp(-(((i - (side - 1) / 2 - (m - (few - 1) / 2) * step) / sigma) ** 2));
    const share = (Math.sqrt(2 / Math.PI) * step) / sigma; // what such bells a step apart have to be multiplied by
    const down = matrixOf(few, side, (m, j) => bell(j, m));
    const up = matrixOf(side, few, (i, m) => (share * bell(i, m)) / total[i]);
    found = [down, down, up, up];
  }
  kernels.set(name, found);
  return found;
}

/** Each number becomes an average of its neighbours, with Gaussian weights that sum to one. */
export function blur(map, sigma) {
  let some = false; // the map of a colour that is nowhere is all zeros
  for (let i = 0; i < map.length && !some; i++) some = map[i] !== 0;
  if (!some) return new Float64Array(map.length);
  const steps = kernelsOf(Math.sqrt(map.length), sigma);
  return steps.reduce((now, kernel, i) => {
    const size = (kernel.rows * now.length) / kernel.columns;
    return timesTransposed(kernel, now, i + 1 < steps.length ? spare(i, size) : new Float64Array(size));
  }, map);
}

const spares = new Map();

/** Room for what lies between two steps of a blur, used again by the next: asking for room takes as long as filling it. */
function spare(step, size) {
  const name = `${step} ${size}`;
  if (!spares.has(name)) spares.set(name, new Float64Array(size));
  return spares.get(name);
}

/**
 * A blur that follows maps that change a little from one time to the next, each under a name of its own: it blurs only
 * what has changed, which is mostly nothing but a patch.
 */
export function follower() {
  const last = new Map();
  return (map, sigma, name) => {
    const key = `${sigma} ${name}`;
    const was = last.get(key);
    if (was?.blurred.length !== map.length) {
      last.set(key, { map: map.slice(), blurred: blur(map, sigma), change: new Float64Array(map.length) });
      return last.get(key).blurred;
    }
    let changed = false;
    for (let i = 0; i < map.length; i++) {
      was.change[i] = map[i] - was.map[i];
      if (was.change[i] !== 0) changed = true;
    }
    was.map.set(map);
    if (changed) {
      const more = blur(was.change, sigma);
      for (let i = 0; i < more.length; i++) was.blurred[i] += more[i];
    }
    return was.blurred;
  };
}

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
