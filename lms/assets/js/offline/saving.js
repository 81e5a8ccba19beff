// On the application's pages: the worker that shows saved lessons without a network, and the buttons that need it.
export async function startSaving() {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  for (const form of document.querySelectorAll("form[data-needs-worker]")) form.hidden = false;
  try {
    await navigator.serviceWorker.register("/worker.js");
  } catch {
    // A private window: then there is no page without a network.
  }
}
