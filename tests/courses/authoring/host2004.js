/* A SCORM 2004 host for tests: notes every call that the run-time specification (RTE 4.2) would refuse. */
(function () {
  "use strict";
  const IDENTIFIER = /^[\x21-\x7e]{1,4000}$/;
  const STATUS = /^(completed|incomplete|not attempted|unknown)$/;
  const SPAN = /^PT\d+S$/;
  const WRITABLE = [
    [/^cmi\.location$/, /^.{0,1000}$/],
    [/^cmi\.completion_status$/, STATUS],
    [/^cmi\.success_status$/, /^(passed|failed|unknown)$/],
    [/^cmi\.exit$/, /^(time-out|suspend|logout|normal|)$/],
    [/^cmi\.session_time$/, SPAN],
    [/^cmi\.progress_measure$/, /^(1|0|0\.\d+)$/],
    [/^cmi\.score\.(raw|min|max)$/, /^(100|\d{1,2})$/],
    [/^cmi\.score\.scaled$/, /^(1|0|0\.\d+)$/],
    [/^cmi\.suspend_data$/, /^[^]{0,64000}$/],
    [/^cmi\.objectives\.\d+\.id$/, IDENTIFIER],
    [/^cmi\.objectives\.\d+\.completion_status$/, STATUS],
    [/^cmi\.objectives\.\d+\.success_status$/, /^(passed|failed)$/],
    [/^cmi\.interactions\.\d+\.(id|objectives\.0\.id)$/, IDENTIFIER],
    [/^cmi\.interactions\.\d+\.timestamp$/, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,2}Z$/],
    [/^cmi\.interactions\.\d+\.type$/, /^(true-false|choice|sequencing)$/],
    [/^cmi\.interactions\.\d+\.(correct_responses\.0\.pattern|learner_response)$/, /^(true|false|[a-z](\[,\][a-z])*)$/],
    [/^cmi\.interactions\.\d+\.result$/, /^(correct|incorrect)$/],
    [/^cmi\.interactions\.\d+\.latency$/, SPAN],
  ];
  const kept = JSON.parse(localStorage.getItem("host.kept") || "null");
  const host = { data: Object.assign({ "cmi.mode": "normal", "cmi.completion_status": "unknown" }, kept), errors: [], open: false };
  window.host = host;

  const complain = (words) => { host.errors.push(words); return "false"; };
  const keep = () => { localStorage.setItem("host.kept", JSON.stringify(host.data)); return "true"; };

  function counted(collection) {
    return Object.keys(host.data).filter((name) => new RegExp("^cmi\\." + collection + "\\.\\d+\\.id$").test(name)).length;
  }

  function set(name, value) {
    const rule = WRITABLE.find((one) => one[0].test(name));
    const place = name.match(/^cmi\.(objectives|interactions)\.(\d+)\.(.*)$/);
    if (!host.open) return complain("set before start or after end: " + name);
    if (typeof value !== "string" || !rule || !rule[1].test(value)) return complain(name + " = " + value);
    if (place && Number(place[2]) > counted(place[1])) return complain("gap at " + name);
    if (place && place[3] !== "id" && Number(place[2]) === counted(place[1])) return complain("no id yet at " + name);
    if (place && place[3] === "id" && host.data[name]) return complain("second id at " + name);
    host.data[name] = value;
    return "true";
  }

  function get(name) {
    const collection = name.match(/^cmi\.(objectives|interactions)\._count$/);
    if (!host.open) complain("get before start or after end: " + name);
    return collection ? String(counted(collection[1])) : host.data[name] || "";
  }

  window.API_1484_11 = {
    Initialize() { if (host.open) return "false"; host.open = true; return "true"; },
    Terminate() { if (!host.open) return complain("ended twice"); host.open = false; return keep(); },
    GetValue: get,
    SetValue: set,
    Commit: keep,
    GetLastError: () => "0",
    GetErrorString: () => "",
    GetDiagnostic: () => "",
  };
})();
