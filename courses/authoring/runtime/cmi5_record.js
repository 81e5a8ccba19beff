/* Talking to a record store as a cmi5 unit does (cmi5 sections 8 and 10): key, launch data, state, statements. */
(function (bdhvs) {
  "use strict";
  const STATE = "bdhvs";
  /* More than this cannot be sent while a page goes away. */
  const LIGHT = 30000;
  const PATIENCE = 10000;
  const VERSION = "1.0.3";
  const GONE = [400, 401, 403, 404, 410];
  const WANTED = ["endpoint", "fetch", "actor", "registration", "activityId"];

  function parameters() {
    const query = new URLSearchParams(window.location.search);
    return WANTED.every((name) => query.get(name)) ? Object.fromEntries(WANTED.map((name) => [name, query.get(name)])) : null;
  }

  /* Kept for a page that is loaded again: the key is given only once. */
  function kept(name, value) {
    try {
      if (value === undefined) return window.sessionStorage.getItem(name);
      window.sessionStorage.setItem(name, value);
    } catch (refused) { /* private browsing: a page that is loaded again must be launched again */ }
    return null;
  }

  async function key(launch) {
    const name = "bdhvs.cmi5." + launch.fetch;
    if (kept(name)) return kept(name);
    const answer = await (await fetch(launch.fetch, { method: "POST" })).json();
    if (!answer["auth-token"]) throw new Error(answer["error-text"] || "no auth-token");
    kept(name, answer["auth-token"]);
    return answer["auth-token"];
  }

  function uuid() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  /* One session: `launchData` of the host, `state` of the last time, and a line of statements that are sent in
     their order, the same ones again until the store has answered. */
  async function session(launch) {
    const token = await key(launch);
    const actor = JSON.parse(launch.actor);
    const waiting = [];
    let sending = null;
    let saving = null;
    let toSave = null;
    let refused = false;
    let flying = 0;

    function call(path, query, options) {
      const address = launch.endpoint.replace(/\/*$/, "/") + path + (query ? "?" + new URLSearchParams(query) : "");
      const headers = { Authorization: "Basic " + token, "X-Experience-API-Version": VERSION };
      if (options && options.body) headers["Content-Type"] = "application/json";
      return fetch(address, { ...options, headers, keepalive: Boolean(options && options.body && options.body.length < LIGHT) });
    }

    const about = (stateId) => ({ stateId, activityId: launch.activityId, agent: launch.actor, registration: launch.registration });

    async function read(path, query) {
      const answer = await call(path, query);
      if (answer.ok) return answer.json();
      if (answer.status === 404) return {};
      throw new Error(path + " " + answer.status);
    }

    async function push() {
      while (waiting.length && !refused) {
        const batch = waiting.slice();
        flying = batch.length;
        const answer = await call("statements", null, { method: "POST", body: JSON.stringify(batch) });
        /* 409: they are there already, the answer was lost */
        if (!answer.ok && answer.status !== 409 && !GONE.includes(answer.status)) throw new Error(answer.status);
        refused = GONE.includes(answer.status);
        if (refused) bdhvs.silent();
        waiting.splice(0, batch.length);
        flying = 0;
      }
    }

    function send() {
      if (!sending) sending = push().catch(() => { flying = 0; }).then(() => { sending = null; });
      return sending;
    }

    async function put() {
      while (toSave !== null) {
        const body = toSave;
        toSave = null;
        try {
          await call("activities/state", about(STATE), { method: "PUT", body });
        } catch (offline) {
          if (toSave === null) toSave = body;
          return;
        }
      }
    }

    function save(content) {
      if (content) toSave = JSON.stringify(content);
      if (!saving) saving = put().then(() => { saving = null; });
      return saving;
    }

    function again() {
      if (waiting.length) send();
      if (toSave !== null) save();
    }

    const launchData = await read("activities/state", about("LMS.LaunchData"));
    await read("agents/profile", { profileId: "cmi5LearnerPreferences", agent: launch.actor }).catch(() => {});
    const state = await read("activities/state", about(STATE));
    window.addEventListener("online", again);
    window.setInterval(again, PATIENCE);

    return {
      launchData, state, save,
      activityId: launch.activityId,
      registration: launch.registration,

      tell(statement) {
        waiting.push({ id: uuid(), actor, timestamp: new Date().toISOString(), ...statement });
        return send();
      },

      /* Resolves when everything was sent, or could not be. */
      async sendAll() {
        await sending;
        if (waiting.length) await send();
      },

      /* What waits behind the batch that is on its way, at once: a page that goes away has no later. */
      lastWord() {
        const rest = waiting.splice(flying);
        if (rest.length && !refused) call("statements", null, { method: "POST", body: JSON.stringify(rest) }).catch(() => {});
      },

      /* Whether this launch has ended before: a page that is loaded again may say nothing more. */
      ended: () => kept("bdhvs.cmi5.ended." + launch.fetch) !== null,
      end: () => kept("bdhvs.cmi5.ended." + launch.fetch, "1"),
      begun: () => kept("bdhvs.cmi5.begun." + launch.fetch) !== null,
      begin: () => kept("bdhvs.cmi5.begun." + launch.fetch, "1"),
    };
  }

  bdhvs.record = { parameters, session };
})(window.bdhvs);
