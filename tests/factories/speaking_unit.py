"""A whole cmi5 unit as an author would write one: a page with a few buttons that speaks xAPI by itself."""

SCRIPT = """
"use strict";
const CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5";
const MOVE_ON = "https://w3id.org/xapi/cmi5/context/categories/moveon";
const query = new URLSearchParams(location.search);
const actor = JSON.parse(query.get("actor"));
const registration = query.get("registration");
const activity = query.get("activityId");
const begun = performance.now();
let auth, data, place = 1;

async function ask(resource, parameters, options = {}) {
  const headers = {
    Authorization: `Basic ${auth}`,
    "X-Experience-API-Version": "1.0.3",
    ...(options.body ? { "Content-Type": "application/json" } : {}),
  };
  const address = `${query.get("endpoint")}${resource}?${new URLSearchParams(parameters)}`;
  return fetch(address, { ...options, headers });
}

function state(stateId, options) {
  const about = { stateId, activityId: activity, agent: JSON.stringify(actor), registration };
  return ask("activities/state", about, options);
}

async function say(verb, result) {
  const judged = result && ("success" in result || "completion" in result);
  const context = structuredClone(data.contextTemplate);
  context.registration = registration;
  context.contextActivities.category = [{ id: CMI5 }, ...(judged ? [{ id: MOVE_ON }] : [])];
  const duration = `PT${((performance.now() - begun) / 1000).toFixed(2)}S`;
  const statement = {
    id: crypto.randomUUID(),
    timestamp: new Date().toISOString(),
    actor,
    verb: { id: `http://adlnet.gov/expapi/verbs/${verb}` },
    object: { id: activity },
    context,
    ...(result ? { result: { ...result, duration } } : {}),
  };
  const options = { method: "PUT", body: JSON.stringify(statement) };
  const answer = await ask("statements", { statementId: statement.id }, options);
  show("said", `${verb}: ${answer.status}`);
}

function show(id, text) {
  document.getElementById(id).textContent = text;
}

async function turn() {
  place += 1;
  await state("place", { method: "PUT", body: JSON.stringify({ place }) });
  show("place", place);
}

async function leave() {
  await say("terminated", {});
  location.href = data.returnURL;
}

async function start() {
  const fetched = await fetch(query.get("fetch"), { method: "POST" });
  auth = (await fetched.json())["auth-token"];
  data = await (await state("LMS.LaunchData")).json();
  await ask("agents/profile", { profileId: "cmi5LearnerPreferences", agent: JSON.stringify(actor) });
  await say("initialized");
  const kept = await state("place");
  if (kept.ok) place = (await kept.json()).place;
  show("place", place);
  show("mode", data.launchMode);
  for (const [id, act] of Object.entries({
    turn,
    leave,
    complete: () => say("completed", { completion: true }),
    pass: () => say("passed", { success: true }),
  })) document.getElementById(id).addEventListener("click", act);
  document.body.dataset.ready = "yes";
}

start();
"""

PAGE = """<!doctype html>
<html lang="vi"><meta charset="utf-8"><title>Unit</title>
<h1>Unit</h1>
<p>Page <b id="place"></b>, mode <b id="mode"></b>, <span id="said"></span></p>
<button id="turn">Next page</button> <button id="complete">Complete</button>
<button id="pass">Pass</button> <button id="leave">Leave</button>
<script src="unit.js"></script>
</html>
"""

FILES = {"index.html": PAGE.encode(), "unit.js": SCRIPT.encode()}
