import { askNobody } from "./unasked.js";

// Windows that the lesson opens. They reach their run-time through this page, so they end with it; one that stayed
// would go on talking to nobody, and its results would be lost.
const isOpen = (popup) => {
  try {
    return !popup.closed && popup.document.contentType === "text/html"; // not a file to read, nor another site
  } catch {
    return false;
  }
};

// Once it has said goodbye.
const closed = (popup) => new Promise((resolve) => {
  popup.addEventListener("pagehide", () => setTimeout(resolve));
  askNobody(popup);
  popup.close();
});

export class Popups {
  #opened = new Set();

  // `closes` hears of a page that asks to be closed, which no frame can be.
  constructor(closes) {
    this.closes = closes;
  }

  // Of a page of the lesson and of the pages in frames of it, now and whenever another one is loaded there.
  watch(page) {
    try {
      const open = page.open;
      page.open = (...given) => {
        const popup = open.apply(page, given);
        if (popup) this.#opened.add(popup);
        return popup;
      };
      page.close = () => this.closing();
      page.document.addEventListener("load", ({ target }) => { if (target.contentWindow) this.watch(target.contentWindow); }, true);
      for (let at = 0; at < page.length; at += 1) this.watch(page[at]);
    } catch {
      // A page of another site.
    }
  }

  // A page that only opens the lesson in another window may close itself, and the lesson goes on there.
  closing() {
    if (![...this.#opened].some(isOpen)) this.closes();
  }

  close() {
    return Promise.all([...this.#opened].filter(isOpen).map(closed));
  }
}
