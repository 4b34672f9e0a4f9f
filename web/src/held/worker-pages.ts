/** Where the worker keeps pages. */
export const PAGES = "kaijiang-pages";
export const FORM = "/held-sessions/new";
export const OFFLINE = "/offline";

/** Forgets pages that were made for somebody. */
export async function forgetPages(): Promise<void> {
  if (!("caches" in globalThis)) return;
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    if (new URL(request.url).pathname !== OFFLINE) await pages.delete(request);
  }
}
