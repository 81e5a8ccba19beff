/* What must not be lost: the place, the answers and the best score; kept by the host.
   v version, s step shown, f furthest step, b best score, a answers: id -> [response, right, tries] */
(function (bdhvs) {
  "use strict";
  const VERSION = 1;
  const host = bdhvs.host;
  const state = { v: VERSION, s: "", f: "", b: null, a: {} };

  function read(text) {
    try {
      const kept = JSON.parse(text);
      return kept && kept.v === VERSION ? kept : {};
    } catch (unreadable) {
      return {};
    }
  }

  bdhvs.memory = {
    state,

    /* True when there was something to go on with. Steps that the lesson no longer has are forgotten. */
    load(ids) {
      const left = host.left();
      const kept = read(left.text);
      const known = (id) => (ids.includes(id) ? id : "");
      const answers = kept.a || {};
      Object.keys(answers).filter(known).forEach((id) => { state.a[id] = answers[id]; });
      state.s = known(kept.s) || known(left.place);
      state.f = known(kept.f) || state.s;
      state.b = typeof kept.b === "number" ? kept.b : left.score;
      return ids.indexOf(state.s) > 0;
    },

    save() { host.keep(JSON.stringify(state), state.s); },

    answer(id, response, right) {
      const before = state.a[id];
      state.a[id] = [response, right ? 1 : 0, Math.min(99, (before ? before[2] : 0) + 1)];
      return state.a[id];
    },

    forget(id) { delete state.a[id]; },
  };
})(window.bdhvs);
