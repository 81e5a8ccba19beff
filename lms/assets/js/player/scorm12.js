// The SCORM 1.2 run-time that the package finds as `API` in the frames above it.
import { load } from "./loading.js";
import { Runtime } from "./runtime.js";

export class Scorm12 extends Runtime {
  static FIRST = "LMSInitialize";

  constructor({ cmi }, queue, clock, onFinish) {
    super(queue, clock, onFinish);
    this.api = new globalThis.Scorm12API(this.settings);
    load(this.api, cmi);
    globalThis.API = this.calls.watch(this.api);
  }
}
