// Many lessons ask “leave this page? what you did may be lost” as they are closed. Here it is saved by then, and who
// answered “stay” would be left with a page that has nothing in it. So nobody is asked; what else a lesson does at
// that moment is done.
export function askNobody(page) {
  try {
    const asking = page.BeforeUnloadEvent.prototype;
    Object.defineProperty(asking, "preventDefault", { value: () => {} });
    Object.defineProperty(asking, "returnValue", { get: () => "", set: () => {} });
    const own = page.onbeforeunload;
    if (own) {
      page.onbeforeunload = null;
      page.addEventListener("beforeunload", (event) => { own.call(page, event); }); // whatever it answers
    }
    for (let at = 0; at < page.length; at += 1) askNobody(page[at]);
  } catch {
    // A page of another site.
  }
}
