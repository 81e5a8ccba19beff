// Runs scorm-again's sequencing as a player would: one JSON document a line in, one out.
// In: {settings, steps}; a step is ["go", request, target?], ["sco", {element: value}] or ["activity", id].
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { Scorm2004API } = await import(pathToFileURL(process.argv[2]).href);
console.log = console.info = console.warn = console.debug = console.error = () => {};

function current(api) {
  return api.getSequencingService().sequencing.getCurrentActivity()?.id ?? null;
}

function found(activity, id) {
  if (activity.id === id) return activity;
  return activity.children.map((child) => found(child, id)).find(Boolean);
}

const does = {
  go(api, request, target) {
    const done = api.getSequencingService().processNavigationRequest(request, target);
    return [done, current(api)];
  },
  // A lesson that is opened, says something of itself, and is left.
  sco(api, values) {
    api.reset();
    const answers = [api.lmsInitialize("")];
    for (const [element, value] of Object.entries(values)) answers.push(api.lmsSetValue(element, value));
    const count = api.lmsGetValue("cmi.objectives._count");
    answers.push(api.lmsFinish(""));
    return [answers.every((answer) => answer === "true"), Number(count), current(api)];
  },
  activity(api, id) {
    const one = found(api.getSequencingService().sequencing.activityTree.root, id);
    return {
      satisfied: one.objectiveSatisfiedStatusKnown ? one.objectiveSatisfiedStatus : null,
      completed: one.completionStatus,
      measure: one.objectiveMeasureStatus ? one.objectiveNormalizedMeasure : null,
      attempts: one.attemptCount,
      children: one.children.map((child) => child.id),
      hidden: one.hideLmsUi,
    };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { settings, steps } = JSON.parse(line);
  let answer;
  try {
    const api = new Scorm2004API({ autocommit: false, logLevel: 5, lmsCommitUrl: false, ...settings });
    answer = steps.map(([name, ...given]) => does[name](api, ...given));
  } catch (error) {
    answer = { error: String(error.stack) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
