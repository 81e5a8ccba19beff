// The way through a course with sequencing: the buttons for the previous and the next lesson, and going there.
const AGAIN = 2_000;
const THINKING = 400; // milliseconds after which the buttons follow what the lesson says

export class Journey {
  constructor(runtime, config, screen) {
    this.runtime = runtime;
    this.config = config;
    this.screen = screen;
    this.buttons = [...document.querySelectorAll("[data-request]")];
    this.follow();
  }

  get sequence() {
    return this.runtime.sequence;
  }

  // What the lesson says; anew where it has begun again.
  follow() {
    this.runtime.api.on("Initialize SetValue Commit", () => this.#soon());
    this.refresh();
  }

  // What the buttons may do just now. They stay within reach, so that pressing one tells why it does not help yet.
  refresh() {
    for (const button of this.buttons) {
      const { request } = button.dataset;
      button.hidden = this.sequence.hides(request);
      button.setAttribute("aria-disabled", String(!this.sequence.allows(request)));
    }
  }

  // `closing` lets the lesson say goodbye; it may ask by itself to be left for another one.
  async press(request, closing) {
    if (!this.sequence.allows(request)) return this.screen.hint(request);
    this.screen.hint(null);
    return closing();
  }

  // Asks for it once the lesson is closed, and tells what came of it.
  ask(request) {
    this.sequence.go(request);
    return this.sequence.outcome;
  }

  // Where the learner is now, where no lesson follows and nothing else tells it.
  tell() {
    const body = JSON.stringify({ lesson: null, course: this.sequence.place() });
    fetch(this.config.move, { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: true }).catch(() => {});
  }

  // To the page of the lesson, once the server knows; null for as long as it does not answer.
  async move(lesson) {
    const body = JSON.stringify({ lesson, course: this.sequence.place() });
    for (;;) {
      try {
        const headers = { "Content-Type": "application/json" };
        const answer = await fetch(this.config.move, { method: "POST", headers, body });
        if (answer.ok) return location.replace((await answer.json()).address);
        if (answer.status < 500 && answer.status !== 429) return this.screen.panel(answer.status === 401 ? "expired" : "closed");
      } catch {
        // No network: again, then.
      }
      this.screen.show("waiting");
      await new Promise((resolve) => { setTimeout(resolve, AGAIN); });
    }
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), THINKING);
  }
}
