// What the run-times of all standards share: how scorm-again is set up, and the way of its commits to the queue.
import { begunAgain, verdict, withoutTime } from "./again.js";
import { Calls } from "./calls.js";
import { forgiving } from "./forgiving.js";

const RUNNING = 1;
const TERMINATED = 2;

export class Runtime {
  // `cmi` is what the lesson begins with.
  constructor(cmi, queue, clock, onFinish) {
    this.cmi = cmi;
    this.queue = queue;
    this.clock = clock;
    this.onFinish = onFinish;
    this.end = null;
    this.left = null; // the data with which it ended
    this.judged = null; // what its end decided
    this.since = 0; // seconds of the page that belong to earlier sessions
    this.several = false; // whether it began more than once in this session
    this.calls = new Calls();
    queue.addEventListener("state", ({ detail }) => { if (detail === "saved") this.calls.arrived(); });
  }

  get settings() {
    return {
      autocommit: true,
      autocommitSeconds: 15,
      lmsCommitUrl: this.queue.url,
      dataCommitFormat: "json",
      renderCommonCommitFields: true,
      includeCommitSequence: true,
      alwaysSendTotalTime: true,
      terminateCommitPayloadField: "terminate",
      mastery_override: false, // the server decides, by the pass mark that it knows
      logLevel: 4,
      httpService: {
        processHttpRequest: (...request) => this.take(...request),
        updateSettings() {},
      },
    };
  }

  get running() {
    return this.api.currentState === RUNNING;
  }

  get finished() {
    return this.api.currentState === TERMINATED;
  }

  // Whether the package has never found the run-time, or not used it.
  get silent() {
    return !this.running && !this.finished;
  }

  // Lets a package that has ended begin again, as those do whose every page begins and ends by itself. It may while
  // `may` says so, goes on with what it left, and `begun` hears of it.
  renew(may, begun) {
    this.may = may;
    this.begun = begun;
  }

  // `initialize` is what the standard calls the first call.
  renewable(api, initialize) {
    const set = initialize.replace("Initialize", "SetValue");
    api[set] = forgiving(api, api[set].bind(api));
    const first = api[initialize].bind(api);
    api[initialize] = (...given) => (api === this.api && this.#goesOn(given) ? this.api[initialize]("") : first(...given));
    return api;
  }

  #goesOn([parameter = ""]) {
    if (parameter !== "" || !this.finished || !this.left || !this.may?.()) return false;
    const cmi = begunAgain(this.cmi, this.left);
    if (!this.again(cmi)) return false;
    this.cmi = cmi;
    this.left = null;
    this.several = this.queue.goOn();
    if (!this.several) this.since = this.clock.seconds;
    this.begun();
    return true;
  }

  commit() {
    if (this.running) this.api.lmsCommit("");
  }

  // For a package that does not say goodbye by itself.
  leave() {
    if (!this.running) return;
    this.end = "leave";
    this.api.lmsCommit("");
  }

  // scorm-again's own way out: answered at once, since the queue never forgets.
  take(_url, payload, _immediate, _log, _listeners, metadata, done) {
    const finish = metadata?.isTerminateCommit ?? false;
    this.put(finish ? "finish" : this.end, payload.runtimeData.cmi);
    done?.();
    if (finish) this.onFinish();
    return { result: "true", errorCode: 0 };
  }

  put(end, cmi, more = {}) {
    const ends = end === "finish";
    const decided = ends ? verdict(this.cmi, cmi) : null;
    // An end that decides nothing new can wait for what comes next.
    const patiently = ends && (decided === null || decided === this.judged);
    if (ends) this.left = cmi;
    this.judged = decided ?? this.judged;
    const told = this.several ? withoutTime(cmi) : cmi;
    this.queue.put({ end, visible: this.clock.seconds - this.since, cmi: told, calls: this.calls.take(), ...more }, patiently);
  }
}
