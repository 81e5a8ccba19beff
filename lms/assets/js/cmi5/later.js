// Lets the browser deliver what waits when the network is back, in browsers that can (Background Sync).
export async function sendLater() {
  try {
    await registration.sync?.register("deliver");
  } catch {
    // It may be forbidden; then pages do it.
  }
}
