/** The state of an explorer as text in a link, and as numbers between two states. */

const SWAPPED = Object.fromEntries(["\"'", "[(", "])", "{*", "}~"].flatMap(([a, b]) => [[a, b], [b, a]]));

/** What would be escaped in an address changes places with what would not: done twice, the text is what it was. */
const swapped = (text) => text.replace(/["'[\](){}*~]/g, (sign) => SWAPPED[sign]);

/** Is this value one that Python's declaration allows? */
export function allowed(fact, value) {
  switch (fact.kind) {
    case "ranged": return typeof value === "number" && value >= fact.least && value <= fact.most && !(fact.whole && value % 1);
    case "one": return typeof value === "string" && Object.hasOwn(fact.options, value);
    case "words": return typeof value === "string" && value.length <= fact.most;
    case "tokens": return typeof value === "string" && tokens(fact, value);
    case "painted": return typeof value === "string" && value.length === fact.length && [...value].every((sign) => fact.signs.includes(sign));
    case "flags": return Array.isArray(value) && value.length >= fact.length[0] && value.length <= fact.length[1]
      && value.every((each) => typeof each === "boolean");
    case "numbers": return shaped(fact.shape, fact.most, value);
    case "parts": return Boolean(value) && typeof value === "object"
      && Object.keys(value).sort().join() === Object.keys(fact.parts).sort().join()
      && Object.entries(fact.parts).every(([name, part]) => allowed(part, value[name]));
    case "many": return Array.isArray(value) && value.length >= fact.length[0] && value.length <= fact.length[1]
      && value.every((each) => allowed(fact.each, each));
    default: return false;
  }
}

function tokens({ words, length: [least, most] }, text) {
  const given = text.split(" ");
  return given.length >= least && given.length <= most && given.every((word) => words.includes(word));
}

function shaped([size, ...rest], most, value) {
  if (size === undefined) return typeof value === "number" && Math.abs(value) <= most;
  if (!Array.isArray(value) || value.length < size[0] || value.length > size[1]) return false;
  return value.every((each) => shaped(rest, most, each) && (!rest.length || each.length === value[0].length));
}

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The fragment that opens the explorer `id` in state `s`: what differs from the start. */
export function fragment(id, s, start) {
  const news = Object.fromEntries(Object.entries(s).filter(([name, value]) => !same(value, start[name])));
  return `#${id}=${encodeURI(swapped(JSON.stringify(news)))}`;
}

/** What a fragment asks of the explorer `id`, without what no declaration allows; null if it does not speak of it. */
export function asked(hash, id, traits) {
  if (!hash.startsWith(`#${id}=`)) return null;
  let given = null;
  try {
    given = JSON.parse(swapped(decodeURIComponent(hash.slice(id.length + 2)))); // whoever passed it on may have escaped more
  } catch { /* somebody cut the link short */ }
  const named = Object.entries(given ?? {});
  return Object.fromEntries(named.filter(([name, value]) => Object.hasOwn(traits, name) && allowed(traits[name], value)));
}

/** Can one value be moved to the other step by step? */
export function alike(a, b) {
  if (typeof a === "number") return typeof b === "number";
  if (!a || !b || typeof a !== "object" || typeof b !== "object") return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => alike(a[name], b[name]));
}

/** The value at a share of the way from one to the other. */
export function between(a, b, share) {
  if (typeof a === "number") return a + share * (b - a);
  if (Array.isArray(a)) return a.map((each, i) => between(each, b[i], share));
  return Object.fromEntries(Object.keys(a).map((name) => [name, between(a[name], b[name], share)]));
}
