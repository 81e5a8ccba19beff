// What the run-times of all standards share: how scorm-again is set up, and the way of its commits to the queue.
import { Calls } from "./calls.js";

const RUNNING = 1;
const TERMINATED = 2;

export class Runtime {
  constructor(queue, clock, onFinish) {
    this.queue = queue;
    this.clock = clock;
    this.onFinish = onFinish;
    this.end = null;
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

  // Lets a package that has ended begin again, as one does whose every page begins and ends by itself: `begin` answers
  // whether another session is opened for it. `initialize` is what the standard calls the first call.
  renew(initialize, begin) {
    const first = this.api[initialize].bind(this.api);
    this.api[initialize] = (...given) => (this.finished && begin() ? "true" : first(...given));
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
    this.queue.put({ end, visible: this.clock.seconds, cmi, calls: this.calls.take(), ...more });
  }
}
