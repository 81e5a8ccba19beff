/* A host that speaks cmi5: what the lesson says becomes statements (cmi5 section 9). */
(function (bdhvs) {
  "use strict";
  const ADL = "http://adlnet.gov/expapi/verbs/";
  const CMI5 = "https://w3id.org/xapi/cmi5/context/";
  const NAMES = { initialized: "đã mở", answered: "đã trả lời", passed: "đã đạt", failed: "chưa đạt", completed: "đã hoàn thành", terminated: "đã đóng" };
  const TRUTH = { t: "true", f: "false" };
  let record = null;
  let silent = true;
  /* What is kept: `text` and `place` of the lesson, `score`, what was `told` already, `time` of earlier sessions */
  let kept = { told: [] };
  let begun = 0;
  let outcome = null;

  const pattern = (answer, letters) => (answer.type === "true-false" ? TRUTH[letters] : letters.split(",").join("[,]"));
  const spent = () => bdhvs.clock.duration(bdhvs.clock.seen() - begun);
  const spentInAll = () => bdhvs.clock.duration((kept.time || 0) + bdhvs.clock.seen() - begun);

  /* The host's template with what a statement adds; nothing of the template is replaced. */
  function context(categories, extensions) {
    const template = record.launchData.contextTemplate || {};
    const activities = template.contextActivities || {};
    const own = categories.map((name) => ({ id: CMI5 + "categories/" + name }));
    return {
      ...template,
      registration: record.registration,
      contextActivities: { ...activities, ...(own.length ? { category: (activities.category || []).concat(own) } : {}) },
      extensions: { ...extensions, ...template.extensions },
    };
  }

  function say(verb, result, categories, extensions) {
    return {
      verb: { id: ADL + verb, display: { vi: NAMES[verb], en: verb } },
      object: { objectType: "Activity", id: record.activityId },
      ...(result ? { result } : {}),
      context: context(categories, extensions || {}),
    };
  }

  function judged(verb, score) {
    const mastery = record.launchData.masteryScore;
    const result = {
      success: verb === "passed",
      score: { scaled: score / 100, raw: score, min: 0, max: 100 },
      duration: spentInAll(),
    };
    return say(verb, result, ["cmi5", "moveon"], mastery === undefined ? {} : { [CMI5 + "extensions/masteryscore"]: mastery });
  }

  /* Each is told once for all sessions of a registration. */
  function once(verb, statement) {
    if (kept.told.includes(verb)) return;
    kept.told.push(verb);
    record.tell(statement());
  }

  const completed = () => say("completed", { completion: true, duration: spentInAll() }, ["cmi5", "moveon"]);

  function keep(text, place) {
    kept.text = text;
    kept.place = place;
    record.save({ ...kept, time: (kept.time || 0) + bdhvs.clock.seen() - begun });
  }

  /* A session says passed or failed, not both: failing is told when it ends without having been passed. */
  function goodbye() {
    if (outcome && !outcome.passed && !kept.told.includes("passed")) record.tell(judged("failed", outcome.score));
    record.tell(say("terminated", { duration: spent() }, ["cmi5"]));
    record.end();
  }

  async function connect(ready) {
    const launch = bdhvs.record.parameters();
    if (!launch) {
      ready("preview");
      return;
    }
    document.documentElement.classList.add("connecting");
    let connection = "silent";
    try {
      record = await bdhvs.record.session(launch);
      if (!record.ended()) connection = begin();
    } catch (unreachable) {
      record = null;
    }
    document.documentElement.classList.remove("connecting");
    ready(connection);
  }

  function begin() {
    begun = bdhvs.clock.seen();
    if (!record.begun()) record.tell(say("initialized", null, ["cmi5"]));
    record.begin();
    silent = record.launchData.launchMode !== "Normal";
    kept = { told: [], ...record.state };
    return silent ? "preview" : "recording";
  }

  bdhvs.host = {
    connect,
    leaving: () => record !== null,
    /* The pass mark in percent: the host may demand another one than the lesson's own. */
    mastery: () => (record && typeof record.launchData.masteryScore === "number" ? 100 * record.launchData.masteryScore : null),
    left: () => ({ text: kept.text || "", place: kept.place || "", score: typeof kept.score === "number" ? kept.score : null }),
    keep(text, place) { if (!silent) keep(text, place); },
    parts() {},

    settle(score, passed) {
      if (silent) return;
      kept.score = score;
      outcome = { score, passed };
      if (!passed) return;
      once("passed", () => judged("passed", score));
      once("completed", completed);
    },

    /* Statements beside those of cmi5 ("cmi5 allowed"), without its category. */
    answered(answer) {
      if (silent) return;
      const statement = say("answered", { response: pattern(answer, answer.response), success: answer.right, duration: bdhvs.clock.duration(answer.latency) }, []);
      statement.object = {
        objectType: "Activity",
        id: record.activityId + "/" + answer.id,
        definition: {
          type: "http://adlnet.gov/expapi/activities/cmi.interaction",
          interactionType: answer.type,
          correctResponsesPattern: [pattern(answer, answer.pattern)],
        },
      };
      record.tell(statement);
    },

    finish() {
      if (!record || record.ended()) return;
      goodbye();
      record.lastWord();
    },

    async leave() {
      if (!record.ended()) goodbye();
      await Promise.all([record.sendAll(), record.save()]);
      if (record.launchData.returnURL) window.location.assign(record.launchData.returnURL);
      else window.close();
    },
  };
})(window.bdhvs);
