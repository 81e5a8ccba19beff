// How long the page was seen: a phone in a pocket does not learn.
export class Clock {
  #seen = 0;
  #since = document.hidden ? null : performance.now();

  constructor() {
    document.addEventListener("visibilitychange", () => {
      this.#seen = this.#milliseconds();
      this.#since = document.hidden ? null : performance.now();
    });
  }

  get seconds() {
    return Math.round(this.#milliseconds() / 10) / 100;
  }

  #milliseconds() {
    return this.#seen + (this.#since === null ? 0 : performance.now() - this.#since);
  }
}
