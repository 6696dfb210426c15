// Looks through search-index.js, which has every page in pieces of [anchor, title, lines, of the package?]. Reading half
// a megabyte takes a few milliseconds, so no index of words is built or fetched.
(() => {
  "use strict";
  const FIRST = 12; // results shown before one asks for the rest
  const LONGEST = 240; // characters of an excerpt
  const COMMON = new Set("a an and are as at by do does for how i in is it of on or that the this to what when where which why with".split(" "));

  // As it is compared: without case, accents and raised letters, and with British endings.
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replaceAll(/iz(?=[aei])/g, "is");
  const isLetter = (char) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
  const isHan = (text) => /\p{Script=Han}/u.test(text);

  const pieces = globalThis.searchIndex.flatMap(([page, found]) =>
    found.map(([anchor, title, lines, ofPackage]) => ({
      address: page + (anchor && `#${encodeURIComponent(anchor)}`),
      title,
      where: anchor ? found[0][1] : "",
      lines: lines.split("\n"),
      ofPackage,
      exercise: /^(Exercise|Solution)/.test(title),
      name: fold(title),
      text: fold(lines),
    })),
  );

  // Words, runs of Chinese, roots such as √d, single signs.
  const termsOf = (query) => {
    const text = fold(query).replaceAll(/\bsqrt\s*\(?\s*/g, "√");
    const found = text.match(/√\(?[\p{L}\p{N}]+|\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+|\p{S}/gu) ?? [];
    const terms = [...new Set(found.map((term) => (/^[a-z]{3,}[^s]s$/.test(term) ? term.slice(0, -1) : term)))];
    const telling = terms.filter((term) => !COMMON.has(term) && /[\p{L}\p{N}]/u.test(term));
    return telling.length ? telling : terms;
  };

  // Where a term begins a word in `text`: [from, to, is it the whole word?]. One or two letters are a whole word.
  const hits = (text, term) => {
    const found = [];
    const anywhere = !isLetter(term[0]) || isHan(term);
    for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + term.length)) {
      if (!anywhere && isLetter(text[at - 1])) continue;
      const bare = at + term.length;
      const end = text[bare] === "s" && !isLetter(text[bare + 1]) ? bare + 1 : bare;
      const whole = !isLetter(text[end]);
      if (whole || term.length > 2) found.push([at, end, whole || isHan(term)]);
    }
    return found;
  };
  const worth = (found) => found.reduce((sum, [, , whole]) => sum + (whole ? 1 : 0.4), 0);

  // Each piece with how well it answers, best first, for pieces with at least `least` of the terms.
  const ranked = (terms, least = terms.length) => {
    const counts = terms.map((term) => pieces.map((piece) => [worth(hits(piece.name, term)), worth(hits(piece.text, term))]));
    const rare = counts.map((each) => Math.log(1 + pieces.length / (1 + each.filter(([name, text]) => name || text).length)));
    const phrase = terms.join(" ");
    return pieces
      .map((piece, i) => {
        let [score, present] = [0, 0];
        counts.forEach((each, t) => {
          const [name, text] = each[i];
          if (!name && !text) return;
          present += 1;
          const often = text / (text + 1 + piece.text.length / 2000);
          score += rare[t] * (often + (name ? 2.5 * Math.min(name, 1) * (0.5 + 4 / (8 + piece.name.length)) : 0));
        });
        if (piece.name.split(" · ").includes(phrase)) score *= 2;
        else if (terms.length > 1 && `${piece.name}\n${piece.text}`.includes(phrase)) score *= 1.5;
        if (piece.exercise) score *= 0.6;
        return { piece, score: score * 4 ** (present - terms.length), present };
      })
      .filter(({ present }) => present && present >= least)
      .sort((a, b) => b.score - a.score);
  };

  // How many letters have to be changed, added, left out or exchanged with their neighbour; more than `most` is Infinity.
  const distance = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) return Infinity;
    let [before, last] = [[], [...Array(other.length + 1).keys()]];
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      for (let j = 1; j <= other.length; j++) {
        const same = one[i - 1] === other[j - 1];
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
        if (one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return Infinity;
      [before, last] = [last, row];
    }
    return last.at(-1) <= most ? last.at(-1) : Infinity;
  };

  const known = (term) => pieces.some(({ name, text }) => hits(name, term).length || hits(text, term).length);

  // What the book has instead of a term that it has not: the longest parts of a Chinese one, else the nearest word.
  let vocabulary;
  const instead = (term) => {
    if (isHan(term)) {
      for (let size = term.length; size > 1; size--)
        for (let from = 0; from + size <= term.length; from++) {
          const part = term.slice(from, from + size);
          if (known(part)) return [...instead(term.slice(0, from)), part, ...instead(term.slice(from + size))];
        }
      return [];
    }
    if (term.length < 4) return [];
    if (!vocabulary) {
      vocabulary = new Map();
      for (const { name, text } of pieces)
        for (const [word] of `${name} ${text}`.matchAll(/[a-z]{3,}/g)) vocabulary.set(word, (vocabulary.get(word) ?? 0) + 1);
    }
    let [best, cost] = ["", Infinity];
    for (const [word, often] of vocabulary) {
      const far = distance(term, word, term.length < 8 ? 1 : 2);
      // A mistake in the first letter is rare; of two words as near, the one that the book uses more.
      const price = far + (word[0] === term[0] ? 0 : 0.5) - Math.log(often) / 100;
      if (price < cost) [best, cost] = [word, price];
    }
    return best ? [best] : [];
  };

  const look = (query) => {
    const asked = termsOf(query);
    const replaced = new Map(asked.filter((term) => !known(term)).map((term) => [term, instead(term)]));
    const terms = [...new Set(asked.flatMap((term) => replaced.get(term) ?? [term]))];
    const all = ranked(terms);
    // The parts of a Chinese word need not be in one place.
    const loose = !all.length || [...replaced.keys()].some(isHan);
    const results = loose ? ranked(terms, 1) : all;
    return { terms, results, replaced, some: terms.length > 1 && !all.length && results.length > 0 };
  };

  // What is written, with the terms marked. Folding may make several letters of one, never one of several.
  const marked = (text, terms) => {
    const folded = fold(text);
    const origin = [...text].flatMap((char, i, all) => Array(fold(char).length).fill(all.slice(0, i).join("").length));
    const spans = terms.flatMap((term) => hits(folded, term)).sort((a, b) => a[0] - b[0]);
    const parts = [];
    let done = 0;
    for (const [from, to] of spans) {
      const [start, end] = [origin[from], origin[to] ?? text.length];
      if (start < done) continue;
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      parts.push(text.slice(done, start), mark);
      done = end;
    }
    return [...parts, text.slice(done)];
  };

  // The sentence, or the line of code, that has most of the terms; the first one if only the title has them.
  const sentences = new Intl.Segmenter("en", { granularity: "sentence" });
  const excerpt = (piece, terms) => {
    const value = (text) => terms.filter((term) => hits(fold(text), term).length).length * (text.startsWith("\t") ? 0.6 : 1);
    const best = (all) => all.reduce((one, other) => (value(other) > value(one) ? other : one), all[0] ?? "");
    const line = best(piece.lines);
    const sentence = line.startsWith("\t") ? line.trim() : best([...sentences.segment(line)].map((part) => part.segment.trim()));
    if (sentence.length <= LONGEST) return { text: sentence, code: line.startsWith("\t") };
    const first = Math.min(...terms.flatMap((term) => hits(fold(sentence), term).map(([from]) => from)), sentence.length);
    const from = first > LONGEST - 60 ? sentence.lastIndexOf(" ", first - 90) + 1 : 0;
    const to = sentence.lastIndexOf(" ", from + LONGEST);
    return { text: `${from ? "… " : ""}${sentence.slice(from, to > from ? to : from + LONGEST)} …`, code: false };
  };

  const make = (name, className, ...content) => {
    const node = document.createElement(name);
    if (className) node.className = className;
    node.append(...content);
    return node;
  };

  const form = document.querySelector(".search-large");
  const field = form.elements.q;
  const status = document.getElementById("search-status");
  const place = document.getElementById("search-results");

  const entry = ({ piece }, terms) => {
    const link = make("a", "", ...marked(piece.title, terms));
    link.href = piece.address;
    const { text, code } = excerpt(piece, terms);
    const shown = make("p", code ? "excerpt code" : "excerpt", ...marked(text, terms));
    return make("li", "", link, ...(piece.where ? [" ", make("span", "where", piece.where)] : []), shown);
  };

  const group = (title, found, terms, all) => {
    if (!found.length) return [];
    const list = make("ol", "results", ...(all ? found : found.slice(0, FIRST)).map((one) => entry(one, terms)));
    const rest = found.length - list.children.length;
    if (!rest) return [make("h2", "", title), list];
    const more = make("button", "more", `Show the other ${rest}`);
    more.type = "button";
    more.addEventListener("click", () => {
      more.remove();
      list.append(...found.slice(FIRST).map((one) => entry(one, terms)));
      list.children[FIRST].querySelector("a").focus();
      remember(true);
    });
    return [make("h2", "", title), list, more];
  };

  // Keep the query in the address, so that Back and a copied link find the same results.
  const remember = (all) => {
    const query = field.value.trim();
    try {
      history.replaceState({ all }, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
    } catch {
      // A browser may forbid it for files; Back then leads to the empty page.
    }
  };

  const count = (found, where) => `${found.length} ${found.length === 1 ? "place" : "places"} in ${where}`;
  const show = (all = false) => {
    const query = field.value.trim();
    document.title = document.title.replace(/^.*?(?= – )/, () => (query ? `${query} – Search` : "Search").replaceAll(" – ", " · "));
    const { terms, results, replaced, some } = look(query);
    const [book, ofPackage] = [false, true].map((which) => results.filter(({ piece }) => piece.ofPackage === +which));
    const counted = [book.length && count(book, "the book"), ofPackage.length && count(ofPackage, "the package")].filter(Boolean);
    const missing = [...replaced].map(([term, others]) =>
      `“${term}” is not in the book${others.length ? `; these are results for “${others.join("” and “")}”` : ""}.`);
    status.textContent = !query ? "" : [
      ...(results.length ? missing : []),
      some ? "No place has all of these words; these have some." : "",
      results.length ? `${counted.join(", ")}.` : `Nothing found for “${query}”. Try another word for it.`,
    ].filter(Boolean).join(" ");
    place.replaceChildren(...group("In the book", book, terms, all), ...group("In the package", ofPackage, terms, all));
  };

  field.addEventListener("input", () => {
    show();
    remember(false);
  });
  const links = () => [...place.querySelectorAll("a, button")];
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    links()[0]?.focus();
  });
  // Arrows lead from the field through the results and back.
  addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [field, ...links()];
    const at = stops.indexOf(document.activeElement);
    if (!step || at < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    stops[Math.min(Math.max(at + step, 0), stops.length - 1)].focus();
  });

  field.value = new URLSearchParams(location.search).get("q") ?? "";
  show(history.state?.all);
  if (!field.value) field.focus();
})();
