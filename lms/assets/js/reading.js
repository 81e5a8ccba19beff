// "Read aloud": speaks the main text, one block after the other, marking the block that is being read. The button
// stays hidden where the device has no voice of the page's language.
const blocks = "h1, h2, h3, h4, p, li, dt, dd, th, td, legend, label, figcaption, summary";

function voiceFor(language) {
  return speechSynthesis.getVoices().find((voice) => voice.lang.replace("_", "-").toLowerCase().startsWith(language));
}

function readable(element) {
  if (element.querySelector(blocks)) return false;
  if (element.closest("[hidden], [aria-hidden=true], .app-no-reading")) return false;
  return element.textContent.trim() !== "" && element.getClientRects().length > 0;
}

class Reader {
  constructor(button, language) {
    this.button = button;
    this.language = language;
    this.queue = [];
    this.block = null;
  }

  get reading() {
    return this.block !== null;
  }

  start() {
    this.queue = [...document.querySelectorAll(`#main-content :is(${blocks})`)].filter(readable);
    this.next();
  }

  stop() {
    this.queue = [];
    speechSynthesis.cancel();
    this.mark(null);
  }

  // One utterance for each block: browsers cut off long ones after some fifteen seconds.
  next() {
    const block = this.queue.shift() ?? null;
    this.mark(block);
    if (!block) return;
    const words = new SpeechSynthesisUtterance(block.innerText.replace(/\s+/g, " "));
    words.lang = this.language === "vi" ? "vi-VN" : this.language;
    words.voice = voiceFor(this.language) ?? null;
    words.rate = 0.9;
    words.onend = words.onerror = () => {
      if (this.block === block) this.next();
    };
    speechSynthesis.speak(words);
  }

  mark(block) {
    this.block?.classList.remove("app-reading");
    this.block = block;
    block?.classList.add("app-reading");
    block?.scrollIntoView({ block: "nearest" });
    this.button.setAttribute("aria-pressed", String(this.reading));
  }
}

export function startReading() {
  const button = document.querySelector("button[data-preference=reading]");
  if (!button || !("speechSynthesis" in window)) return;
  const language = document.documentElement.lang.slice(0, 2);
  const reader = new Reader(button, language);
  const offer = () => {
    button.hidden = !voiceFor(language);
  };
  offer();
  speechSynthesis.addEventListener?.("voiceschanged", offer);
  button.addEventListener("click", () => (reader.reading ? reader.stop() : reader.start()));
  addEventListener("pagehide", () => reader.stop());
}
