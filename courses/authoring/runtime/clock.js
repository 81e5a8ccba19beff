/* The time in which the lesson could be seen: phones lie in pockets with a page open. */
window.bdhvs = {};
(function (bdhvs) {
  "use strict";
  const two = (number) => String(number).padStart(2, "0");
  let seenSince = Date.now();
  let seen = 0;

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) seen += Date.now() - seenSince;
    else seenSince = Date.now();
  });

  const seconds = (milliseconds) => Math.max(0, Math.round(milliseconds / 1000));

  bdhvs.clock = {
    /* Milliseconds since the lesson was opened */
    seen: () => seen + (document.hidden ? 0 : Date.now() - seenSince),

    /* HHHH:MM:SS (CMITimespan of SCORM 1.2) */
    span(milliseconds) {
      const whole = seconds(milliseconds);
      return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map(two).join(":");
    },

    /* PT65S (ISO 8601, as SCORM 2004 and xAPI want it) */
    duration: (milliseconds) => "PT" + seconds(milliseconds) + "S",

    ofDay: (date) => [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":"),
  };
})(window.bdhvs);
