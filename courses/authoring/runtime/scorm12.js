/* The words of SCORM 1.2 (run-time environment, section 3.4). */
(function (bdhvs) {
  "use strict";
  const DECIDED = ["passed", "completed", "failed"];
  const STATUS = "cmi.core.lesson_status";
  const EXIT = "cmi.core.exit";

  bdhvs.host = bdhvs.scorm({
    api: "API",
    calls: { start: "LMSInitialize", get: "LMSGetValue", set: "LMSSetValue", commit: "LMSCommit", finish: "LMSFinish", error: "LMSGetLastError" },
    alreadyStarted: "101",
    mode: "cmi.core.lesson_mode",
    place: "cmi.core.lesson_location",
    score: "core.score",
    time: "cmi.core.session_time",
    duration: bdhvs.clock.span,

    begin(talk) {
      if (!DECIDED.includes(talk.get(STATUS))) talk.set(STATUS, "incomplete");
      /* Said now, because a phone may never let us say it at the end. */
      talk.set(EXIT, "suspend");
    },

    part(talk, at, status) {
      if (talk.get(at + "status") !== status) talk.set(at + "status", status);
    },

    /* A pass is never taken back. */
    settle(talk, score, passed) {
      if (passed) talk.set(STATUS, "passed");
      else if (!["passed", "completed"].includes(talk.get(STATUS))) talk.set(STATUS, "failed");
      talk.set(EXIT, passed ? "" : "suspend");
    },

    answered(talk, at, answer) {
      talk.set(at + "time", bdhvs.clock.ofDay(new Date()));
      talk.set(at + "correct_responses.0.pattern", answer.pattern);
      talk.set(at + "student_response", answer.response);
      talk.set(at + "result", answer.right ? "correct" : "wrong");
    },
  });
})(window.bdhvs);
