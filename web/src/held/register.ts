/** Lets the worker of this origin keep the form for times without a network. Pages without TLS have none. */
export async function register(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
    const ready = await navigator.serviceWorker.ready;
    ready.active?.postMessage({ keep: true });
  } catch {
    // Private windows refuse it: the form works as long as there is a network.
  }
}
