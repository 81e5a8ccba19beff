/* Talking to the host through the SCORM 1.2 run-time; without a host the lesson plays as a preview. */
window.bdhvs = {};
(function (bdhvs) {
  "use strict";
  const FARTHEST = 50;
  const ALREADY_INITIALISED = "101";
  let api = null;
  let count = 0;
  let seenSince = Date.now();
  let seen = 0;

  function climb(from) {
    let frame = from;
    for (let height = 0; frame && height < FARTHEST; height += 1) {
      try {
        if (frame.API) return frame.API;
      } catch (foreign) { /* a frame of another origin cannot be read, its parent perhaps can */ }
      if (frame.parent === frame) return null;
      frame = frame.parent;
    }
    return null;
  }

  function opener() {
    try {
      return window.opener || window.top.opener;
    } catch (foreign) {
      return null;
    }
  }

  const get = (name) => (api ? String(api.LMSGetValue(name)) : "");
  const set = (name, value) => { if (api) api.LMSSetValue(name, String(value)); };
  const two = (number) => String(number).padStart(2, "0");
  const number = (name) => (get(name) === "" || isNaN(get(name)) ? null : Number(get(name)));

  /* CMITimespan, HHHH:MM:SS */
  function span(milliseconds) {
    const seconds = Math.max(0, Math.round(milliseconds / 1000));
    return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":");
  }

  function clock(date) {
    return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  }

  /* Only the time in which the lesson could be seen counts: phones lie in pockets with a page open. */
  function visibleTime() {
    return seen + (document.hidden ? 0 : Date.now() - seenSince);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) seen += Date.now() - seenSince;
    else seenSince = Date.now();
  });

  bdhvs.scorm = {
    get, set, number, span,

    /* "recording", "preview" (nobody listens) or "silent" (a host that cannot be started) */
    connect() {
      const found = climb(window) || climb(opener());
      if (!found) return "preview";
      const started = String(found.LMSInitialize("")) === "true";
      if (!started && String(found.LMSGetLastError()) !== ALREADY_INITIALISED) return "silent";
      api = found;
      count = number("cmi.interactions._count") || 0;
      if (["browse", "review"].includes(get("cmi.core.lesson_mode"))) {
        window.addEventListener("pagehide", () => found.LMSFinish(""));
        api = null;
        return "preview";
      }
      return "recording";
    },

    commit() {
      if (!api) return;
      set("cmi.core.session_time", span(visibleTime()));
      api.LMSCommit("");
    },

    finish() {
      if (!api) return;
      set("cmi.core.session_time", span(visibleTime()));
      api.LMSFinish("");
      api = null;
    },

    interaction(answer) {
      const at = "cmi.interactions." + count + ".";
      set(at + "id", answer.id);
      set(at + "objectives.0.id", answer.part);
      set(at + "type", answer.type);
      set(at + "time", clock(new Date()));
      set(at + "correct_responses.0.pattern", answer.pattern);
      set(at + "student_response", answer.response);
      set(at + "result", answer.right ? "correct" : "wrong");
      set(at + "latency", span(answer.latency));
      count += 1;
    },
  };
})(window.bdhvs);
