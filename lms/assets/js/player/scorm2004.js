// The SCORM 2004 run-time that the package finds as `API_1484_11`, with the sequencing of its course if it has one.
import { load } from "./loading.js";
import { Runtime } from "./runtime.js";
import { Sequence } from "./sequence.js";

// scorm-again 3.4 takes a limit for the time that has passed, and would open no lesson that has one. The player
// looks after the time by itself (limit.js).
function untimed({ attemptAbsoluteDurationLimit, activityAbsoluteDurationLimit, children, ...activity }) {
  return { ...activity, children: children.map(untimed) };
}

export class Scorm2004 extends Runtime {
  static FIRST = "Initialize";

  constructor({ cmi, course }, queue, clock, onFinish) {
    super(queue, clock, onFinish);
    this.held = null;
    this.sequence = course ? new Sequence(course, () => this.#make(course), cmi) : null;
    if (!this.sequence) {
      this.api = this.#make(null);
      load(this.api, cmi);
    }
    globalThis.API_1484_11 = this.calls.watch(this.api);
  }

  #make(course) {
    const more = course ? { sequencing: { activityTree: untimed(course.sequencing.activityTree) } } : {};
    const api = new globalThis.Scorm2004API({ ...this.settings, ...more });
    const terminate = api.Terminate.bind(api);
    // Where the learner is to go is known only after the last commit was made, so that one waits for it.
    api.Terminate = (...given) => {
      this.sequence?.listen();
      const answer = terminate(...given);
      this.#release();
      return answer;
    };
    this.api = api;
    return api;
  }

  take(url, payload, immediate, log, listeners, metadata, done) {
    if (!metadata?.isTerminateCommit) return super.take(url, payload, immediate, log, listeners, metadata, done);
    this.held = payload.runtimeData.cmi;
    done?.();
    return { result: "true", errorCode: 0 };
  }

  put(end, cmi) {
    super.put(end, cmi, this.sequence && end ? { course: this.sequence.place() } : {});
  }

  #release() {
    if (!this.held) return;
    const cmi = this.held;
    this.held = null;
    this.put("finish", cmi);
    this.onFinish(this.sequence?.outcome ?? null);
  }
}
