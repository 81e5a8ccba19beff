/* What must not be lost: the place, the answers and the best score; kept in cmi.suspend_data.
   v version, s step shown, f furthest step, b best score, a answers: id -> [response, right, tries] */
(function (bdhvs) {
  "use strict";
  const VERSION = 1;
  const scorm = bdhvs.scorm;
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
      const kept = read(scorm.get("cmi.suspend_data"));
      const known = (id) => (ids.includes(id) ? id : "");
      const answers = kept.a || {};
      Object.keys(answers).filter(known).forEach((id) => { state.a[id] = answers[id]; });
      state.s = known(kept.s) || known(scorm.get("cmi.core.lesson_location"));
      state.f = known(kept.f) || state.s;
      state.b = typeof kept.b === "number" ? kept.b : scorm.number("cmi.core.score.raw");
      return ids.indexOf(state.s) > 0;
    },

    save() {
      scorm.set("cmi.suspend_data", JSON.stringify(state));
      scorm.set("cmi.core.lesson_location", state.s);
      scorm.commit();
    },

    answer(id, response, right) {
      const before = state.a[id];
      state.a[id] = [response, right ? 1 : 0, Math.min(99, (before ? before[2] : 0) + 1)];
      return state.a[id];
    },

    forget(id) { delete state.a[id]; },
  };
})(window.bdhvs);
