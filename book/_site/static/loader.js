// Brings the page's explorers to life: each gets a model as small as what anywidget promises, made from the JSON
// that stands beside it. The still picture stays for print and for when anything goes wrong.
(() => {
  "use strict";

  const folder = new URL("explorers/", document.currentScript.src);

  // What a page does not hold is in a script that leaves this one value. Served, its text is read, so that one sees how far
  // it is; where a page is opened as a file nothing may be read, and the script runs.
  const fetched = async ({ file, version, size }, told, signal) => {
    const address = new URL(`${file}.js?v=${version}`, folder);
    if (address.protocol === "file:") {
      await new Promise((done, fail) => {
        const script = Object.assign(document.createElement("script"), { src: address, onload: done });
        script.onerror = () => fail(new Error("the file is not there"));
        document.head.append(script);
      });
      return globalThis.attnbook[file];
    }
    const answer = await fetch(address, { signal });
    if (!answer.ok) throw new Error(`the site answered ${answer.status}`);
    const [reader, decoder] = [answer.body.getReader(), new TextDecoder()];
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
      told(text.length / size);
    }
    return JSON.parse(text.slice(text.indexOf("=", text.indexOf("]")) + 1, text.lastIndexOf(";")));
  };

  const modelOf = (state) => {
    const listeners = new Map();
    const emit = (event, value) => [...(listeners.get(event) ?? [])].forEach((listener) => listener(event, value));
    return {
      get: (name) => state[name],
      set(name, value) {
        if (Object.is(state[name], value)) return;
        state[name] = value;
        emit(`change:${name}`, value);
        emit("change", value);
      },
      async fetch(name, told, signal) { this.set(name, await fetched(state[name], told, signal)); },
      save_changes() {},
      send() {},
      on(event, listener) {
        if (!listeners.has(event)) listeners.set(event, new Set());
        listeners.get(event).add(listener);
      },
      off(event, listener) {
        if (listener) listeners.get(event)?.delete(listener);
        else if (event) listeners.delete(event);
        else listeners.clear();
      },
    };
  };

  const mount = (home) => {
    const live = document.createElement("div");
    live.className = "explorer-live";
    const model = modelOf(JSON.parse(document.getElementById(home.dataset.model).textContent));
    home.append(live);
    try {
      globalThis.attnbook[home.dataset.explorer].render({ model, el: live });
      home.classList.add("is-live");
    } catch (error) {
      live.remove();
      console.error(error);
    }
  };

  // Each in a task of its own, after the page has been painted.
  for (const home of document.querySelectorAll(".explorer[data-explorer]")) setTimeout(mount, 0, home);
})();
