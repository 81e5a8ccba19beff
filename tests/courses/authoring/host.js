/* A SCORM 1.2 host for tests: keeps what is committed in localStorage and notes every call that the
   run-time specification (SCORM 1.2 RTE, section 3.4) would refuse. */
(function () {
  "use strict";
  const KEPT = "host.kept";
  const IDENTIFIER = /^[\x21-\x7e]{1,255}$/;
  const SPAN = /^\d{2,4}:\d{2}:\d{2}(\.\d{1,2})?$/;
  const INTERACTION = "^cmi\\.interactions\\.\\d+\\.";
  const WRITABLE = [
    [/^cmi\.core\.lesson_location$/, /^.{0,255}$/],
    [/^cmi\.core\.lesson_status$/, /^(passed|completed|failed|incomplete|browsed)$/],
    [/^cmi\.core\.exit$/, /^(time-out|suspend|logout|)$/],
    [/^cmi\.core\.session_time$/, SPAN],
    [/^cmi\.core\.score\.(raw|min|max)$/, /^(100|\d{1,2})$/],
    [/^cmi\.suspend_data$/, /^[^]{0,4096}$/],
    [/^cmi\.objectives\.\d+\.id$/, IDENTIFIER],
    [/^cmi\.objectives\.\d+\.status$/, /^(passed|completed|failed|incomplete|browsed|not attempted)$/],
    [new RegExp(INTERACTION + "id$"), IDENTIFIER],
    [new RegExp(INTERACTION + "objectives\\.\\d+\\.id$"), IDENTIFIER],
    [new RegExp(INTERACTION + "time$"), /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/],
    [new RegExp(INTERACTION + "type$"), /^(true-false|choice|sequencing)$/],
    [new RegExp(INTERACTION + "correct_responses\\.\\d+\\.pattern$"), /^[a-z](,[a-z])*$/],
    [new RegExp(INTERACTION + "student_response$"), /^[a-z](,[a-z])*$/],
    [new RegExp(INTERACTION + "result$"), /^(correct|wrong)$/],
    [new RegExp(INTERACTION + "latency$"), SPAN],
  ];
  const fresh = { "cmi.core.lesson_status": "not attempted", "cmi.core.lesson_mode": "normal" };
  const kept = JSON.parse(localStorage.getItem(KEPT) || "null");
  const host = { data: Object.assign(fresh, kept), calls: [], errors: [], open: false };
  host.commits = 0;
  window.host = host;

  const complain = (words) => { host.errors.push(words); return "false"; };
  const keep = () => localStorage.setItem(KEPT, JSON.stringify(host.data));

  function counted(collection) {
    const indices = Object.keys(host.data).map((name) => name.match("^cmi\\." + collection + "\\.(\\d+)\\.id$"));
    return Math.max(-1, ...indices.filter(Boolean).map((match) => Number(match[1]))) + 1;
  }

  function set(name, value) {
    host.calls.push([name, value]);
    const rule = WRITABLE.find((one) => one[0].test(name));
    const place = name.match(/^cmi\.(objectives|interactions)\.(\d+)\.(.*)$/);
    if (!host.open) return complain("set before start or after end: " + name);
    if (typeof value !== "string" || !rule || !rule[1].test(value)) return complain(name + " = " + value);
    if (place && Number(place[2]) > counted(place[1])) return complain("gap at " + name);
    if (place && place[3] !== "id" && Number(place[2]) === counted(place[1])) return complain("no id yet at " + name);
    host.data[name] = value;
    return "true";
  }

  function get(name) {
    const collection = name.match(/^cmi\.(objectives|interactions)\._count$/);
    if (!host.open) complain("get before start or after end: " + name);
    return collection ? String(counted(collection[1])) : host.data[name] || "";
  }

  window.API = {
    LMSInitialize() { if (host.open) return "false"; host.open = true; return "true"; },
    LMSFinish() {
      if (!host.open) return complain("finished twice");
      keep();
      localStorage.setItem("host.finished", "yes");
      host.open = false;
      return "true";
    },
    LMSGetValue: get,
    LMSSetValue: set,
    LMSCommit() { host.commits += 1; keep(); return "true"; },
    LMSGetLastError: () => "0",
    LMSGetErrorString: () => "",
    LMSGetDiagnostic: () => "",
  };
})();
