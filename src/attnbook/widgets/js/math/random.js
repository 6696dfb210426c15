/** attnbook.data.gaussian and uniform: random numbers that are the same in Python and in every browser. */

/** Standard normal numbers, the same as attnbook.data.gaussian(seed, count): mulberry32, then Box and Muller's method. */
export function gaussian(seed, count) {
  return Array.from({ length: count }, (_, n) => {
    const [u, t] = [(word(seed, 2 * n) + 1) / 2 ** 32, word(seed, 2 * n + 1) / 2 ** 32];
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * t);
  });
}

/** Numbers from 0 up to 1, the same as attnbook.data.uniform(seed, count). */
export function uniform(seed, count) {
  return Array.from({ length: count }, (_, n) => word(seed, n) / 2 ** 32);
}

/** Word i of mulberry32, 32 bits. */
function word(seed, i) {
  let a = (seed + Math.imul(i + 1, 0x6d2b79f5)) | 0;
  a = Math.imul(a ^ (a >>> 15), a | 1);
  a ^= a + Math.imul(a ^ (a >>> 7), a | 61);
  return (a ^ (a >>> 14)) >>> 0;
}
