// What the player page does so that its lesson goes on without a network.
export async function startKeeping({ files, fileList }) {
  try {
    localStorage.setItem("lesson-here", "1"); // by which a page in a frame knows that it sees what this one wrote
    const worker = await navigator.serviceWorker.register("/player-worker.js");
    await navigator.serviceWorker.ready;
    const sparing = Boolean(navigator.connection?.saveData);
    (worker.active ?? navigator.serviceWorker.controller)?.postMessage({ playing: files, list: fileList, sparing });
  } catch {
    // An old browser, or a private window: then the lesson needs the network.
  }
}
