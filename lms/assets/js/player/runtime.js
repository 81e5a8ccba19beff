// The SCORM 1.2 run-time that the package finds as `API` in the frames above it.
import { Calls } from "./calls.js";

const RUNNING = 1;
const TERMINATED = 2;

export class Runtime {
  constructor(cmi, queue, clock, onFinish) {
    this.queue = queue;
    this.clock = clock;
    this.onFinish = onFinish;
    this.end = null;
    this.api = new globalThis.Scorm12API({
      autocommit: true,
      autocommitSeconds: 15,
      lmsCommitUrl: queue.url,
      dataCommitFormat: "json",
      renderCommonCommitFields: true,
      includeCommitSequence: true,
      alwaysSendTotalTime: true,
      terminateCommitPayloadField: "terminate",
      mastery_override: false, // the server decides, by the pass mark that it knows
      logLevel: 4,
      httpService: {
        processHttpRequest: (...request) => this.#take(...request),
        updateSettings() {},
      },
    });
    this.api.loadFromJSON(cmi, "");
    this.calls = new Calls();
    queue.addEventListener("state", ({ detail }) => { if (detail === "saved") this.calls.arrived(); });
    globalThis.API = this.calls.watch(this.api);
  }

  get running() {
    return this.api.currentState === RUNNING;
  }

  get finished() {
    return this.api.currentState === TERMINATED;
  }

  commit() {
    if (this.running) this.api.LMSCommit("");
  }

  // For a package that does not say goodbye by itself.
  leave() {
    if (!this.running) return;
    this.end = "leave";
    this.api.LMSCommit("");
  }

  // scorm-again's own way out: answered at once, since the queue never forgets.
  #take(_url, payload, _immediate, _log, _listeners, metadata, done) {
    const finish = metadata?.isTerminateCommit ?? false;
    this.queue.put({ end: finish ? "finish" : this.end, visible: this.clock.seconds, cmi: payload.runtimeData.cmi, calls: this.calls.take() });
    done?.();
    if (finish) this.onFinish();
    return { result: "true", errorCode: 0 };
  }
}
