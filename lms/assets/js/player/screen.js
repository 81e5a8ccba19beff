// What the learner sees around the lesson: the bar, the save state, and the panels that need an answer.
import { Popups } from "./popups.js";
import { keepHere } from "./staying.js";
import { askNobody } from "./unasked.js";

const PATIENT = 600; // milliseconds in which saving is not worth a word

export class Screen {
  // `closes` hears of a lesson that closes itself.
  constructor(closes) {
    this.state = document.getElementById("save-state");
    this.frame = document.getElementById("lesson");
    this.leaveButton = document.getElementById("leave");
    this.popups = new Popups(closes);
    this.frame.addEventListener("load", () => this.popups.watch(this.frame.contentWindow));
    keepHere(this.frame);
    this.words = this.state.dataset;
    this.hints = document.getElementById("hint");
  }

  // Why a button does not help yet; null takes it away.
  hint(request) {
    if (this.hints) this.hints.textContent = request ? this.hints.dataset[request] : "";
  }

  // `loose`: what waits is in this page alone, and gone with it.
  show(state, loose = false) {
    clearTimeout(this.timer);
    this.#tell(loose);
    if (loose && state === "waiting") this.#say("loose");
    else if (state === "saving") this.timer = setTimeout(() => this.#say("saving"), PATIENT);
    else this.#say(state);
  }

  #tell(loose) {
    const text = document.getElementById("offline-text");
    text.dataset.safe ??= text.textContent;
    text.textContent = loose ? text.dataset.loose : text.dataset.safe;
    document.getElementById("later").hidden = loose;
  }

  #say(state) {
    const look = { saved: "saved", saving: "saving", waiting: "waiting", loose: "waiting" }[state] ?? "lost";
    const text = this.words[state] ?? this.words.refused;
    if (this.state.dataset.state === look && this.state.lastElementChild.textContent === text) return;
    this.state.dataset.state = look;
    this.state.lastElementChild.textContent = text;
  }

  busy(on) {
    this.leaveButton.disabled = on;
    document.body.classList.toggle("is-leaving", on);
  }

  panel(name) {
    for (const panel of document.querySelectorAll(".player-panel")) panel.hidden = panel.id !== name;
    const shown = name && document.getElementById(name);
    document.getElementById("stage").inert = Boolean(shown);
    shown?.querySelector("button, a")?.focus();
  }

  // Whether somebody wants to leave, and is told that there is no network.
  get isOffline() {
    return !document.getElementById("offline").hidden;
  }

  // Whether the lesson has ended, and the button leads to its result. One that had to end because of what a panel tells
  // has none.
  ended(has) {
    if (has && document.querySelector(".player-panel:not([hidden])")) return;
    const words = this.leaveButton.firstElementChild;
    this.leaveButton.dataset.open ??= words.textContent;
    words.textContent = has ? this.leaveButton.dataset.ended : this.leaveButton.dataset.open;
    this.leaveButton.classList.toggle("is-ended", has);
  }

  open(address) {
    document.getElementById("opening").hidden = true;
    this.frame.hidden = false;
    this.frame.src = address;
  }

  // Lets the package say goodbye, as it would when its windows close.
  async close(patience) {
    const late = new Promise((resolve) => { setTimeout(resolve, patience); });
    await Promise.race([late, this.popups.close()]);
    const blank = new Promise((resolve) => { this.frame.addEventListener("load", resolve, { once: true }); });
    askNobody(this.frame.contentWindow);
    this.frame.src = "about:blank";
    await Promise.race([late, blank]);
  }
}
