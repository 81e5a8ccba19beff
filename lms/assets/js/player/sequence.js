// Sequencing of SCORM 2004: which lesson is opened, whether one may go on or back, and what is remembered of it.
// An activity is known by the identifier of its lesson; scorm-again decides, by what the manifest says.
import { applied, difference } from "./difference.js";
import { load } from "./loading.js";
import { drawLots } from "./lots.js";

export class Sequence {
  // `make` gives a new run-time, `cmi` is what the lesson begins with.
  constructor(course, make, cmi) {
    this.course = course;
    this.delivered = null;
    this.#fresh(make, cmi);
    this.lesson = this.#begin();
    if (this.lesson === null && course.state) {
      // What is remembered leads nowhere (the course was gone through to its end): from the beginning, then.
      this.#fresh(make, cmi);
      this.course = { ...course, state: "" };
      this.lesson = this.#begin();
    }
    this.delivered = null;
  }

  // The lesson delivered since `listen`; `over` where the way through the course has ended, `left` where it was
  // suspended as a whole; `refused` where the lesson asked to go on and may not.
  get outcome() {
    return { lesson: this.delivered, over: this.#ended, left: !this.#current, refused: this.refused };
  }

  listen() {
    this.delivered = null;
    this.refused = false;
  }

  hides(button) {
    return this.#current?.hideLmsUi?.includes(button) ?? false;
  }

  // Whether the learner may continue or go to the previous one; true where nobody can tell yet.
  allows(request) {
    const { delivered } = this;
    const { outcome, targetActivityId, endSequencingSession } = this.api.previewNavigationRequest(request);
    this.delivered = delivered; // looking ahead delivers nothing
    // Of a course that draws lots nobody can look ahead but by the general rules (NB.2.1).
    if (outcome === "unknown") return this.api.isTerminated() || this.api.adl.nav.request_valid[request] === "true";
    return outcome === "allowed" && (targetActivityId !== null || endSequencingSession);
  }

  // Whether a lesson may be chosen, or jumped to.
  mayGo(request, lesson) {
    return request === "jump" ? lesson in this.course.lessons : this.#choosable(lesson);
  }

  // Ask to continue, go back or to a lesson; what came of it is in `outcome`.
  go(request, target) {
    this.listen();
    const done = this.api.processNavigationRequest(request, target);
    if (done && request === "continue" && this.delivered === null) this.over = true;
  }

  // The lesson has ended and asked for something (as adl.nav.request has it). Where that was refused, scorm-again 3.4
  // leaves it open; and it refuses to choose what would be allowed once the results of this lesson count.
  closed(request) {
    if (this.delivered === null && this.#current?.isActive) this.#insist(request);
    this.refused = this.delivered === null && !this.#ended && /(continue|choice|jump)$/.test(request);
  }

  #insist(request) {
    const service = this.api.getSequencingService();
    service.processNavigationRequest("exit", undefined, this.api.cmi.getExitValueInternal());
    const [, target] = /^\{target=(.+)\}choice$/.exec(request) ?? [];
    if (target && this.delivered === null) this.#choose(target, service);
  }

  #choose(target, service) {
    const looking = service.getOverallSequencingProcess().navigationValidityService;
    looking.isActivityDisabled = ({ isAvailable, isHiddenFromChoice }) => !isAvailable || isHiddenFromChoice;
    this.go("choice", target); // which looks at the rules as well, at the right moment (SB.2.9)
    delete looking.isActivityDisabled;
  }

  // What is remembered: the state as far as it differs from the beginning.
  memory() {
    const whole = this.#whole();
    const { globalObjectiveMap, sharedData } = JSON.parse(this.api.serializeSequencingState());
    return {
      state: JSON.stringify(difference(this.blank, whole) ?? {}),
      objectives: globalObjectiveMap ?? {},
      shared: sharedData ?? {},
    };
  }

  // And where the learner is.
  place() {
    return {
      ...this.memory(),
      current: this.delivered ?? this.#current?.id ?? this.#suspended ?? "",
      open: Object.keys(this.course.lessons).filter((lesson) => this.#choosable(lesson)),
      over: this.#ended,
    };
  }

  #fresh(make, cmi) {
    this.api = make();
    this.over = false;
    this.blank = this.#whole();
    drawLots(this.api, this.course.sequencing.activityTree);
    this.api.setSequencingEventListeners({
      onActivityDelivery: ({ id, children }) => { if (!children.length) this.delivered = id; },
      // A lesson that asks for the next one where it is the last has come to the end of the course.
      onSequencingSessionEnd: ({ reason }) => { if (reason === "end_of_content") this.over = true; },
    });
    load(this.api, cmi); // before a lesson is delivered, which brings more with it
  }

  #begin() {
    const { activity } = this.course;
    const wasActive = this.#restore();
    if (!this.#current && this.#suspended) this.go("resumeAll");
    if (!this.#current) this.go("start");
    const arrived = () => this.#current?.id === activity && (wasActive || this.delivered === activity);
    if (!arrived()) this.go("choice", activity);
    if (!arrived() && this.#current && !wasActive && this.#current.id !== activity) this.go("continue");
    this.over = false;
    const open = this.delivered ?? (this.#current?.isActive ? this.#current.id : null);
    return open in this.course.lessons ? open : null;
  }

  // Whether there is a lesson that was not left yet.
  #restore() {
    const { state, objectives, shared } = this.course;
    if (!state) {
      if (Object.keys(objectives).length) this.api.restoreGlobalObjectiveSnapshot(objectives);
      if (Object.keys(shared).length) this.api.restoreSharedDataSnapshot(shared);
      return false;
    }
    const whole = applied(this.blank, JSON.parse(state));
    this.api.deserializeSequencingState(JSON.stringify({ ...whole, globalObjectiveMap: objectives, sharedData: shared }));
    const current = this.#current;
    const noted = current && whole.sequencing?.activityStates?.[current.id];
    return Boolean(noted?.isActive && !noted.isSuspended);
  }

  // scorm-again's state without what is kept beside it, and without when it was made.
  #whole() {
    const whole = JSON.parse(this.api.serializeSequencingState());
    for (const name of ["timestamp", "globalObjectiveMap", "sharedData"]) delete whole[name];
    for (const part of [whole.sequencing, whole.suspensionState]) {
      for (const name of ["timestamp", "globalObjectiveMap", "globalObjectives"]) delete part?.[name];
    }
    return whole;
  }

  #choosable(lesson) {
    try {
      return this.api.getSequencingService().getOverallSequencingProcess().predictChoiceEnabled(lesson);
    } catch {
      return false;
    }
  }

  get #ended() {
    return this.over || (!this.#current && !this.#suspended);
  }

  get #tree() {
    return this.api.getSequencingService().sequencing.activityTree;
  }

  get #current() {
    return this.#tree.currentActivity;
  }

  get #suspended() {
    return this.#tree.suspendedActivity?.id;
  }
}
