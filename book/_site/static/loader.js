// Brings the page's explorers to life: each gets a model as small as what anywidget promises, made from the JSON
// that stands beside it. The still picture stays for print and for when anything goes wrong.
(() => {
  "use strict";

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
