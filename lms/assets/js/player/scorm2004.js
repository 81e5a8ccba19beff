// The SCORM 2004 run-time that the package finds as `API_1484_11`, with the sequencing of its course if it has one.
import { load } from "./loading.js";
import { withoutLots } from "./lots.js";
import { Runtime } from "./runtime.js";
import { Sequence } from "./sequence.js";

// scorm-again 3.4 takes a limit for the time that has passed, and would open no lesson that has one. The player
// looks after the time by itself (limit.js).
function untimed({ attemptAbsoluteDurationLimit, activityAbsoluteDurationLimit, children, ...activity }) {
  return { ...activity, children: children.map(untimed) };
}

const MAY_GO = /^adl\.nav\.request_valid\.(choice|jump)\.\{target=(.+)\}$/;
const PLAIN = /^[\w-]+$/;

export class Scorm2004 extends Runtime {
  constructor({ cmi, course }, queue, clock, onFinish) {
    super(cmi, queue, clock, onFinish);
    this.course = course;
    this.held = null;
    this.sequence = course ? new Sequence(course, () => this.#make(course), cmi) : null;
    if (!this.sequence) load(this.#make(null), cmi);
    globalThis.API_1484_11 = this.calls.watch(() => this.api);
  }

  // In a course with sequencing as if the lesson had not ended; false where its sequencing does not let it.
  again(cmi) {
    if (!this.sequence) {
      load(this.#make(null), cmi);
      return true;
    }
    const { api, course } = this;
    const sequence = new Sequence({ ...course, ...this.before }, () => this.#make(course), cmi);
    if (sequence.lesson === course.activity) this.sequence = sequence;
    else this.api = api;
    return this.sequence === sequence;
  }

  #make(course) {
    const more = course ? { sequencing: { activityTree: withoutLots(untimed(course.sequencing.activityTree)) } } : {};
    const api = new globalThis.Scorm2004API({ ...this.settings, ...more });
    const terminate = api.Terminate.bind(api);
    // Where the learner is to go is known only after the last commit was made, so that one waits for it.
    api.Terminate = (...given) => {
      const asked = this.running ? api.adl.nav.request : null;
      if (this.running) this.before = this.sequence?.memory();
      this.sequence?.listen();
      const answer = terminate(...given);
      if (asked !== null) this.sequence?.closed(asked);
      this.#release();
      return answer;
    };
    const get = api.GetValue.bind(api);
    // It knows no lesson with a dot or the like in its identifier.
    api.GetValue = (element, ...more) => {
      const [, request, target] = MAY_GO.exec(element) ?? [];
      if (!this.sequence || !this.running || !request || PLAIN.test(target)) return get(element, ...more);
      get("adl.nav.request_valid.continue"); // there is no error
      return String(this.sequence.mayGo(request, target));
    };
    this.api = this.renewable(api, "Initialize");
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
