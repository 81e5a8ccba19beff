/* The words of SCORM 2004 (run-time environment, section 4.2): completing and passing are two things. */
(function (bdhvs) {
  "use strict";
  const COMPLETION = "cmi.completion_status";
  const SUCCESS = "cmi.success_status";
  const DONE = ["passed", "failed", "completed"];
  const TRUTH = { t: "true", f: "false" };

  /* A fraction of two digits: the zone may stand only behind one (RTE 4.1.1.6, time) */
  const moment = (date) => date.toISOString().slice(0, 22) + "Z";
  const pattern = (answer, letters) => (answer.type === "true-false" ? TRUTH[letters] : letters.split(",").join("[,]"));

  function change(talk, name, value) {
    if (talk.get(name) !== value) talk.set(name, value);
  }

  bdhvs.host = bdhvs.scorm({
    api: "API_1484_11",
    calls: { start: "Initialize", get: "GetValue", set: "SetValue", commit: "Commit", finish: "Terminate", error: "GetLastError" },
    alreadyStarted: "103",
    mode: "cmi.mode",
    place: "cmi.location",
    score: "score",
    time: "cmi.session_time",
    duration: bdhvs.clock.duration,

    begin(talk) {
      if (talk.get(COMPLETION) !== "completed") talk.set(COMPLETION, "incomplete");
      /* Said now, because a phone may never let us say it at the end. */
      talk.set("cmi.exit", "suspend");
    },

    part(talk, at, status) {
      change(talk, at + "completion_status", DONE.includes(status) ? "completed" : status);
      if (["passed", "failed"].includes(status)) change(talk, at + "success_status", status);
    },

    progress(talk, statuses) {
      const done = statuses.filter(([, status]) => DONE.includes(status)).length;
      talk.set("cmi.progress_measure", Math.round((100 * done) / statuses.length) / 100);
    },

    /* A pass is never taken back. */
    settle(talk, score, passed) {
      talk.set("cmi.score.scaled", score / 100);
      if (passed) {
        talk.set(COMPLETION, "completed");
        talk.set(SUCCESS, "passed");
      } else if (talk.get(SUCCESS) !== "passed") talk.set(SUCCESS, "failed");
      talk.set("cmi.exit", passed ? "normal" : "suspend");
    },

    answered(talk, at, answer) {
      talk.set(at + "timestamp", moment(new Date()));
      talk.set(at + "correct_responses.0.pattern", pattern(answer, answer.pattern));
      talk.set(at + "learner_response", pattern(answer, answer.response));
      talk.set(at + "result", answer.right ? "correct" : "incorrect");
    },
  });
})(window.bdhvs);
