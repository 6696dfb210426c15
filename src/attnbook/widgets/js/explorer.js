/**
 * An explorer from what only it knows: its facts, what is computed from its state, its stage, and what makes a task done.
 * The question above it, Undo and Reset, controls bound to traits, the table of numbers, announcements, scales that wait
 * until the hand lets go, the link to a state and the picture to save are the same for all, and are made here.
 */
import { behindDoor } from "./door.js";
import {
  announcer, button, checkbox, choice, clamp, connect, formula, h, numberField, roundUp, setAttr, setHidden, setText, significant,
  slider, typedText
} from "./kit.js";
import { pictureOf, save } from "./picture.js";
import { alike, asked, between, fragment, same } from "./state.js";

const [MOVE, PAUSE, MOST_STEPS] = [200, 600, 100]; // milliseconds to get there; until a gesture by keys has ended; of Undo
const FREE = "that was all. Change what you like; Undo takes it back.";

/**
 * `render` of an explorer.
 *
 * facts: what tools/facts.py wrote, with `traits`.
 * compute(s, haste): what follows from the state; pure, called once a frame, never given a state that Python would refuse.
 *   With haste, 1 while a pointer is down, 2 and 1 in the first two frames, something near the truth will do.
 * stage(kit): builds the thing itself once and returns { node, side, draw(s, r) }: the thing, what is read beside it.
 * main(kit), more(kit): lists of parts { node, show(s, r) }, such as kit.control("temperature") makes; `more` is folded away.
 * table: { caption, columns, rows(s, r), note(s, r) }.
 * say(s, r): the result in a few words, for those who listen and for the title of a picture.
 * done: for each task a function (s, r, { before, memo }) that returns what fills the gaps in what is told, or false.
 * fits(s): what relates two traits, as Python asks it.
 * veiled: the stage hides what is marked attn-answer until the reader has done anything.
 * wide: the stage is as wide as the explorer, and what is read beside it comes beneath it.
 * door(get): what is told of the explorer while a trait that Python declares as `fetched` is not there yet.
 */
export function explorer({ facts, compute, stage, main, more = () => [], table, say, done, fits = () => true, veiled = false, wide = false, door = () => "" }) {
  const { slug, tasks, traits } = facts;

  return behindDoor(({ model, el }) => {
    const names = Object.keys(traits);
    const link = connect(model, names, () => draw());
    const { signal, state, start, frame } = link;
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    const { announce, node: status } = announcer(signal);
    let [haste, last] = [2, compute(state(), 2)]; // of the next frame; the result of the last one

    // --- changes: one gesture is one step of Undo ---------------------------------------------------------------------

    const past = [];
    let [pressed, open, timer, moving, arrive] = [false, false, 0, 0, null];
    const held = () => pressed || open;
    /** What follows a hand follows at once; what follows a choice moves there, by the style sheet. */
    const follows = () => setAttr(root, "data-held", pressed || arrive ? "" : null);
    const close = () => {
      clearTimeout(timer);
      if (open && same(past.at(-1), state())) past.pop(); // nothing came of it
      open = false;
      frame();
    };
    const remember = () => {
      arrive?.();
      if (!open) past.push(structuredClone(state()));
      if (past.length > MOST_STEPS) past.shift();
      open = true;
      clearTimeout(timer);
      if (!pressed) timer = setTimeout(close, PAUSE);
    };
    const change = (news, text = null) => {
      remember();
      link.change(news);
      reveal();
      if (text) announce(() => `${text(state(), last)}${say ? `; ${say(state(), last)}` : ""}`);
    };
    /** Goes to another state within MOVE, where there are numbers to go through. */
    const move = (news, text) => {
      close();
      arrive?.();
      const from = state();
      const other = Object.entries(news).filter(([name, value]) => !same(value, from[name]));
      const steps = still.matches ? [] : other.filter(([name, value]) => !traits[name].whole && alike(from[name], value));
      link.change(structuredClone(Object.fromEntries(other.filter((each) => !steps.includes(each)))));
      announce(() => text);
      if (!steps.length) return;
      const end = structuredClone(Object.fromEntries(steps));
      const began = performance.now();
      arrive = () => {
        cancelAnimationFrame(moving);
        arrive = null;
        link.change(end);
      };
      const step = () => {
        const share = (performance.now() - began) / MOVE;
        if (share >= 1) return arrive?.();
        const eased = share * share * (3 - 2 * share);
        link.change(Object.fromEntries(steps.map(([name, value]) => [name, between(from[name], value, eased)])));
        moving = requestAnimationFrame(step);
        return null;
      };
      step();
    };
    const undo = () => {
      close();
      if (!past.length) return;
      move(past.pop(), "undone");
    };
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      cancelAnimationFrame(moving);
    }, { once: true });

    // --- what an explorer is given --------------------------------------------------------------------------------------

    const kit = {
      signal, start, frame, change, announce, held,
      changed: () => open, // has the gesture that is under way changed anything?
      calm: () => still.matches || held(), // nothing is to move by itself
      veiled: () => Boolean(root.dataset.answer),
      get task() { return task; }, // which one is being asked
      get s() { return state(); },
      get result() { return last; },
      memo: {},
      button: (text, onClick) => button(text, { onClick: () => { close(); onClick(); close(); }, signal }),
      /** A change that is a choice: it moves there, and is a step of its own. */
      preset(news, text) {
        close();
        past.push(structuredClone(state()));
        reveal();
        move(news, text);
      },
      /** The end of a scale for numbers up to `largest`: while anything is held it stays, then it goes there visibly. */
      scale() {
        let [shown, from, to, began] = [null, 0, 0, 0];
        return (largest) => {
          const want = roundUp(largest);
          shown ??= from = to = want;
          if (held()) return shown;
          if (want !== to) [from, to, began] = [shown, want, performance.now()];
          const share = still.matches ? 1 : clamp((performance.now() - began) / MOVE, 0, 1);
          shown = from + share * (to - from);
          if (share < 1) frame();
          return shown;
        };
      },
      /**
       * A control that is bound to a trait, by its facts; or to a part of one, by those of the part and with how to `get` it
       * from a state, how to `set` it, and what a listener is `told`.
       */
      control(name, {
        shown = () => true, text = null, as = choice, fact = traits[name],
        get = (s) => s[name], set = (value) => ({ [name]: value }), told: tellOf = (value) => `${fact.label} ${value}`,
      } = {}) {
        const tell = (value) => change(set(value), (s) => tellOf(words(get(s))));
        const words = text ?? ((value) => (fact.kind === "one" ? fact.options[value].label
          : fact.kind === "numbers" ? value.map((row) => row.map(typedText).join(", ")).join("; ") : `${significant(value)}${fact.unit ?? ""}`));
        const part = fact.kind === "one" ? oneOf(fact, (value) => { close(); tell(value); close(); }, as) // a choice is no gesture: scales may move at once
          : fact.kind === "ranged" ? ranged(fact, words, tell)
          : fact.kind === "numbers" ? numberMatrix(fact, () => get(state()), tell)
            : checkbox(fact.label, { onChange: tell, signal });
        return { node: part.node, show(s) {
          setHidden(part.node, !shown(s));
          if (!part.node.hidden) part.show(get(s));
        } };
      },
    };

    function ranged(fact, words, tell) {
      const base = fact.log ? Math.log(fact.log) : 0;
      const to = (value) => (base ? Number((Math.log(value) / base).toFixed(9)) : value);
      const back = (at) => Number((base ? fact.log ** at : at).toPrecision(fact.log === 10 ? 3 : 6));
      const part = slider(fact.label, { min: to(fact.from), max: to(fact.to), step: fact.step, signal, onInput: (at) => tell(back(at)) });
      return { node: part.node, show: (value) => part.show(to(value), words(value)) };
    }

    /** Rows of numbers to type, one stop of the Tab key each; what is refused is told beneath. */
    function numberMatrix(fact, now, tell) {
      const refused = h("p", { class: "attn-refused" });
      const [rows, columns] = fact.shape.map(([size]) => Array.from({ length: size }, (_, i) => i));
      const fields = rows.map((i) => columns.map((j) => numberField(`${fact.label}, row ${i + 1}, column ${j + 1}`, {
        most: fact.most, step: 0.1, signal,
        onInput(value) {
          setText(refused, "");
          tell(now().map((row, r) => row.map((was, c) => (r === i && c === j ? value : was))));
        },
        onRefuse(words) {
          setText(refused, words);
          announce(() => words);
        },
      })));
      const entries = h("span", { class: "attn-entries", style: `--columns: ${columns.length}` }, ...fields.flat().map(({ node }) => node));
      return {
        node: h("div", { role: "group", "aria-label": fact.label },
          h("div", { class: "attn-matrix" }, h("span", { "aria-hidden": "true" }, `${fact.label} =`), entries), refused),
        show: (value) => fields.forEach((row, i) => row.forEach((field, j) => field.show(value[i][j]))),
      };
    }

    function oneOf(fact, tell, as) {
      const options = Object.entries(fact.options);
      const part = as(fact.label, options.map(([value, { label }]) => [value, label]), { onChange: tell, signal });
      if (!options.some(([, each]) => each.formula)) return part;
      const [line, hint] = [h("p", { class: "attn-formula" }), h("p", { class: "attn-hint" })];
      return {
        node: h("div", { class: "attn-choice-with-words" }, part.node, line, hint),
        show(value) {
          part.show(value);
          if (hint.textContent === fact.options[value].hint) return;
          line.replaceChildren(...formula(fact.options[value].formula));
          hint.replaceChildren(fact.options[value].hint);
        },
      };
    }

    // --- the question, and what is told when it is answered ------------------------------------------------------------

    let [task, before, told] = [0, start, null];
    const reveal = () => {
      if (!root.dataset.answer) return;
      delete root.dataset.answer;
      frame(); // what a stage leaves out while it is veiled
    };
    const veil = () => { if (veiled && !start.try_first) root.dataset.answer = "hidden"; };
    const [lead, line] = [h("strong"), h("span")];
    const next = kit.button("Skip", () => {
      reveal();
      [task, before, told, kit.memo] = [task + 1, structuredClone(state()), null, {}];
      frame();
      announce(() => line.textContent);
    });
    const back = kit.button("Undo", undo);
    const reset = kit.button("Reset", () => {
      past.push(structuredClone(state()));
      [task, before, told, kit.memo] = [0, start, null, {}];
      veil();
      move(start, "back at the start");
    });
    function ask(s) {
      const own = !s.try_first && task < tasks.length;
      const answer = own && done[task](s, last, { before, memo: kit.memo });
      if (answer) {
        reveal();
        const news = tasks[task].told.replace(/\{(\w+)\}/g, (_, name) => answer[name]);
        if (told === null) announce(() => told);
        told = news;
      }
      setText(lead, s.try_first || (told === null && task === 0) ? "Try first: " : told !== null ? "→ " : own ? "Then: " : "Now: ");
      setText(line, s.try_first || (told ?? (own ? tasks[task].ask : FREE)));
      setText(next, told === null ? "Skip" : "Next");
      setHidden(next, !own);
    }

    // --- the numbers --------------------------------------------------------------------------------------------------

    const body = h("tbody");
    const note = h("p", { class: "attn-hint" });
    const numbers = h("details", { class: "attn-numbers" }, h("summary", {}, "The numbers as a table"),
      h("div", { class: "attn-wide", tabindex: 0, role: "group", "aria-label": "Numbers" }, h("table", {}, h("caption", { class: "attn-unseen" }, table.caption),
        h("thead", {}, h("tr", {}, ...table.columns.map((name) => h("th", { scope: "col" }, name)))), body)), note);
    function count(s) {
      const rows = table.rows(s, last);
      while (body.rows.length > rows.length) body.lastChild.remove();
      while (body.rows.length < rows.length) {
        body.append(h("tr", {}, h("th", { scope: "row" }), ...table.columns.slice(1).map(() => h("td"))));
      }
      rows.forEach((cells, i) => cells.forEach((text, c) => setText(body.rows[i].cells[c], text)));
      setText(note, table.note?.(s, last) ?? "");
    }

    // --- a friend can see it too --------------------------------------------------------------------------------------

    const copy = kit.button("Copy link to this state", async () => {
      history.replaceState(null, "", fragment(root.id, state(), start));
      try {
        await navigator.clipboard.writeText(location.href);
        setText(shared, "The link is copied.");
      } catch {
        setText(shared, "The link is in the address bar.");
      }
      announce(() => shared.textContent);
    });
    const keep = kit.button("Save picture", () => save(pictureOf(root, [built.node, ...shownMain.map((part) => part.node), built.side].filter(Boolean), say(state(), last)), `${root.id}.svg`));
    const shared = h("span", { class: "attn-hint" });
    const onPage = Boolean(el.closest(".explorer"));
    copy.hidden = !onPage; // elsewhere an address does not lead to an explorer

    // --- all together -------------------------------------------------------------------------------------------------

    const root = h("div", { class: "attn", "data-slug": slug, "data-wide": wide });
    const built = stage(kit);
    const [shownMain, folded] = [main(kit), more(kit)];
    const moreParts = h("details", { class: "attn-more" }, h("summary", {}, "More"), h("div", { class: "attn-folded" },
      ...folded.map((part) => part.node), h("div", { class: "attn-row" }, copy, keep, shared)));
    root.append(
      h("div", { class: "attn-row attn-head" }, h("p", {}, lead, line), h("div", { class: "attn-row attn-acts" }, next, back, reset)),
      h("div", { class: "attn-main" },
        h("div", { class: "attn-stage" }, built.node),
        h("div", { class: "attn-side" }, ...shownMain.map((part) => part.node), built.side ?? "")),
      h("div", { class: "attn-below" }, moreParts, numbers), status);
    for (let n = 1; ; n++) {
      root.id = `${slug}-${n}`;
      if (!document.getElementById(root.id)) break;
    }
    veil();

    root.addEventListener("pointerdown", () => {
      close();
      pressed = true;
    }, { signal, capture: true });
    for (const end of ["pointerup", "pointercancel"]) {
      addEventListener(end, () => {
        if (!pressed) return;
        pressed = false;
        setTimeout(close, 0); // after whatever the end itself still changes
      }, { signal });
    }
    root.addEventListener("focusin", () => { if (!pressed) close(); }, { signal });
    root.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      if (event.target.matches("input[type=text], textarea")) return; // what is being typed has an Undo of its own
      event.preventDefault();
      event.stopPropagation();
      undo();
    }, { signal });
    const follow = () => {
      const news = asked(location.hash, root.id, traits);
      if (!news || !fits({ ...start, ...news })) return;
      reveal();
      link.change(structuredClone({ ...start, ...news }));
      root.scrollIntoView();
    };
    addEventListener("hashchange", follow, { signal });

    function draw() {
      const s = state();
      last = compute(s, pressed ? 1 : haste);
      if (haste) frame();
      haste = Math.max(0, haste - 1);
      follows();
      built.draw(s, last);
      for (const part of shownMain) part.show?.(s, last);
      if (!pressed || moreParts.open) for (const part of folded) part.show?.(s, last); // a hand does not wait for what nobody sees
      if (!pressed || numbers.open) count(s);
      ask(s);
      const none = !past.length || (past.length === 1 && open && same(past[0], s));
      setAttr(back, "aria-disabled", none ? "true" : null);
    }

    const measure = new ResizeObserver(([{ target }]) => root.style.setProperty("--attn-stage", `${target.offsetHeight}px`));
    measure.observe(built.node.parentNode);
    signal.addEventListener("abort", () => measure.disconnect(), { once: true });
    const end = link.open(root, el);
    follow();
    return end;
  }, facts, door);
}
