/**
 * attnbook.data.draw: a picture with things in it.
 *
 * A map is a Float64Array of side × side numbers, row by row from the top; the side is a multiple of four. An image is
 * three maps: its red, its green and its blue.
 */
import { uniform } from "./random.js";

/** The colours that things may have: red, green and blue from 0 to 1. */
export const COLOURS = {
  red: [0.8, 0.12, 0.12], green: [0.22, 0.9, 0.22], blue: [0.1, 0.1, 0.78], yellow: [0.98, 0.98, 0.3],
};
export const SHAPES = ["ball", "square", "triangle"];
export const GROUND = 0.6;
const ROOT3 = Math.sqrt(3);

/** How far (u, v) is from the outline of a shape of a size around (0, 0): negative inside. */
const DISTANCE = {
  ball: (u, v, size) => Math.sqrt(u * u + v * v) - size,
  square: (u, v, size) => Math.max(Math.abs(u), Math.abs(v)) - size,
  triangle: (u, v, size) => Math.max(v - (ROOT3 / 2) * size, (ROOT3 / 2) * Math.abs(u) - v / 2 - (ROOT3 / 4) * size),
};

/** Paints a shape over the image, with an edge one pixel soft; its pixels get the label, if there is one. */
function stamp({ image, labels, side, times }, shape, place, whole, colour, label) {
  const [size, x0, y0] = [whole / times, ...place.map((at) => (at + 0.5) / times - 0.5)];
  const distance = DISTANCE[shape];
  const span = (at) => [Math.max(0, Math.floor(at - size - 1)), Math.min(side - 1, Math.ceil(at + size + 1))];
  const [[left, right], [top, bottom]] = [span(x0), span(y0)];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const away = distance(x - x0, y - y0, size);
      if (away >= 0.5) continue;
      const cover = Math.min(1, 0.5 - away);
      const at = y * side + x;
      for (let c = 0; c < 3; c++) image[c][at] = image[c][at] * (1 - cover) + cover * colour[c];
      if (label && away <= 0) labels[at] = label;
    }
  }
}

/** The specks that lie on the ground: x, y, radius and lightness of each. */
export function specks({ side, clutter, seed }) {
  const draws = uniform(seed, 4 * clutter);
  return Array.from({ length: clutter }, (_, i) => {
    const [left, above, radius, light] = draws.slice(4 * i, 4 * i + 4);
    return [side * left - 0.5, side * above - 0.5, 1 + radius, GROUND + 0.3 * (2 * light - 1)];
  });
}

/**
 * The ground with its specks, which belong to no thing: `side` × `side` pixels, drawn with so many `times` fewer.
 */
export function strewn({ side = 128, clutter = 0, seed = 0 } = {}, times = 1) {
  const count = (side / times) ** 2;
  const picture = { side: side / times, times, image: [0, 1, 2].map(() => new Float64Array(count).fill(GROUND)), labels: new Uint8Array(count) };
  for (const [x, y, radius, light] of specks({ side, clutter, seed })) stamp(picture, "ball", [x, y], radius, [light, light, light], 0);
  return picture;
}

/** Things { shape, colour, x, y, size } on a ground, each over those before it; a pixel of thing i has the label i + 1. */
export function draw(things, ground) {
  const picture = { ...ground, image: ground.image.map((map) => map.slice()), labels: ground.labels.slice() };
  things.forEach(({ shape, colour, x, y, size }, i) => stamp(picture, shape, [x, y], size, COLOURS[colour], i + 1));
  return picture;
}

/** The outline of a thing as the path of an SVG. */
export function outline({ shape, x, y, size }) {
  if (shape === "ball") return `M${x - size} ${y}a${size} ${size} 0 1 1 ${2 * size} 0a${size} ${size} 0 1 1 ${-2 * size} 0z`;
  if (shape === "square") return `M${x - size} ${y - size}h${2 * size}v${2 * size}h${-2 * size}z`;
  return `M${x} ${y - (ROOT3 / 2) * size}l${size} ${ROOT3 * size}h${-2 * size}z`;
}
