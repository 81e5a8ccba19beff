/* A host that speaks SCORM. What each version calls things stands in its `words`; without a host the lesson
   plays as a preview. `connect` answers "recording", "preview" (nobody listens) or "silent" (it does not start). */
(function (bdhvs) {
  "use strict";
  const FARTHEST = 50;
  const NO_RESULT = ["browse", "review"];

  function climb(from, name) {
    let frame = from;
    for (let height = 0; frame && height < FARTHEST; height += 1) {
      try {
        if (frame[name]) return frame[name];
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

  bdhvs.scorm = function (words) {
    const calls = words.calls;
    let api = null;
    let count = 0;

    const get = (name) => (api ? String(api[calls.get](name)) : "");
    const set = (name, value) => { if (api) api[calls.set](name, String(value)); };
    const number = (name) => (get(name) === "" || isNaN(get(name)) ? null : Number(get(name)));
    const talk = { get, set, number };

    function start(found) {
      const started = String(found[calls.start]("")) === "true";
      if (!started && String(found[calls.error]()) !== words.alreadyStarted) return "silent";
      api = found;
      count = number("cmi.interactions._count") || 0;
      if (NO_RESULT.includes(get(words.mode))) {
        window.addEventListener("pagehide", () => found[calls.finish](""));
        api = null;
        return "preview";
      }
      words.begin(talk);
      return "recording";
    }

    return {
      connect(ready) {
        const found = climb(window, words.api) || climb(opener(), words.api);
        ready(found ? start(found) : "preview");
      },

      left: () => ({ text: get("cmi.suspend_data"), place: get(words.place), score: number("cmi." + words.score + ".raw") }),

      keep(text, place) {
        if (!api) return;
        set("cmi.suspend_data", text);
        set(words.place, place);
        set(words.time, words.duration(bdhvs.clock.seen()));
        api[calls.commit]("");
      },

      /* One objective per part, found again by its id because hosts keep their own order. */
      parts(statuses) {
        if (!api) return;
        const length = number("cmi.objectives._count") || 0;
        const known = Array.from({ length }, (_, n) => get("cmi.objectives." + n + ".id"));
        statuses.forEach(([id, status]) => {
          let n = known.indexOf(id);
          if (n < 0) {
            n = known.push(id) - 1;
            set("cmi.objectives." + n + ".id", id);
          }
          words.part(talk, "cmi.objectives." + n + ".", status);
        });
        if (words.progress) words.progress(talk, statuses);
      },

      /* `score` is the best so far, 0 to 100 */
      settle(score, passed) {
        set("cmi." + words.score + ".min", 0);
        set("cmi." + words.score + ".max", 100);
        set("cmi." + words.score + ".raw", score);
        words.settle(talk, score, passed);
      },

      answered(answer) {
        const at = "cmi.interactions." + count + ".";
        set(at + "id", answer.id);
        set(at + "objectives.0.id", answer.part);
        set(at + "type", answer.type);
        words.answered(talk, at, answer);
        set(at + "latency", words.duration(answer.latency));
        count += 1;
      },

      finish() {
        if (!api) return;
        set(words.time, words.duration(bdhvs.clock.seen()));
        api[calls.finish]("");
        api = null;
      },
    };
  };
})(window.bdhvs);
