// Sets values in scorm-again's run-times as the player lets lessons set them. In: the library's folder; out: JSON.
import { pathToFileURL } from "node:url";
import { forgiving } from "../../../lms/assets/js/player/forgiving.js";

console.log = console.info = console.warn = console.debug = console.error = () => {};
const library = (name) => import(pathToFileURL(`${process.argv[2]}/${name}`).href);
const settings = { autocommit: false, logLevel: 5, lmsCommitUrl: false };

async function told(file, name, method, values) {
  const api = new (await library(file))[name](settings);
  const set = forgiving(api, api[method].bind(api));
  api.loadFromJSON({ interactions: [{ id: "q1", type: "choice", result: "correct", correct_responses: [{ pattern: "a" }] }] }, "");
  api.lmsInitialize("");
  const answers = values.map(([element, value]) => set(element, value));
  const { interactions } = api.renderCMIToJSONObject().cmi;
  return [answers, Object.values(interactions.childArray ?? interactions)];
}

const both = (span) => [
  ["cmi.interactions.0.id", ""],
  ["cmi.interactions.0.id", "q1"],
  ["cmi.interactions.1.id", "q2"],
  ["cmi.interactions.0.id", "Câu 7"],
  ["cmi.interactions.0.type", "choice"],
  ["cmi.interactions.0.latency", span],
];
const spans = { first: "00:00:01.23456", second: "PT1.23456S" };
process.stdout.write(JSON.stringify({
  scorm12: await told("scorm12.js", "Scorm12API", "LMSSetValue", both(spans.first)),
  scorm2004: await told("scorm2004.js", "Scorm2004API", "SetValue", both(spans.second)),
}));
