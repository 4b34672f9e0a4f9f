import { flush, SYNC } from "./send.ts";
import { announce, Store } from "./store.ts";
import { FORM, forgetPages, OFFLINE, PAGES } from "./worker-pages.ts";

/** What the form needs besides its page: hashed names, and a version that changes with any of them. Set by vite/worker.ts. */
declare const SHELL: { version: string; files: string[]; script: string };

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  request: Request;
  respondWith(response: Promise<Response>): void;
}
/** The part of `ServiceWorkerGlobalScope` that is used here; the types of pages and workers do not go together. */
interface Scope {
  addEventListener(name: "install" | "activate", listen: (event: Lasting) => void): void;
  addEventListener(name: "fetch", listen: (event: Fetching) => void): void;
  addEventListener(name: "message", listen: (event: Lasting & { data: { keep?: boolean } | null }) => void): void;
  addEventListener(name: "sync", listen: (event: Lasting & { tag: string }) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  registration: ServiceWorkerRegistration;
}
const scope = globalThis as unknown as Scope;

const PREFIX = "kaijiang-shell-";
const MINE = PREFIX + SHELL.version;
/** A line so slow is no line: the kept form is there at once. */
const PATIENCE_MS = 5_000;

scope.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(MINE)
      .then((shell) => shell.addAll(SHELL.files))
      .then(() => keepOffline())
      .then(() => scope.skipWaiting()),
  );
});

scope.addEventListener("activate", (event) => {
  event.waitUntil(scope.clients.claim().then(renew));
});

scope.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keepFirst());
});

scope.addEventListener("sync", (event) => {
  if (event.tag === SYNC) event.waitUntil(send());
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && url.pathname === "/sign-out") return event.respondWith(signOut(request));
  if (request.method !== "GET") return;
  if (SHELL.files.includes(url.pathname) || url.pathname.startsWith("/assets/"))
    return event.respondWith(asset(request));
  if (request.mode === "navigate") event.respondWith(page(event, url));
});

async function asset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

async function page(event: Fetching, url: URL): Promise<Response> {
  const isForm = url.pathname === FORM;
  const kept = isForm ? await caches.match(FORM, { cacheName: PAGES }) : undefined;
  try {
    const response = await answered(event.request, kept ? PATIENCE_MS : 0);
    if (isForm && url.search === "") event.waitUntil(keep(response.clone()));
    return response;
  } catch {
    return kept ?? standIn();
  }
}

/** The network's answer, or a rejection after `patienceMs`; 0 waits as long as the network does. */
function answered(request: Request, patienceMs: number): Promise<Response> {
  if (patienceMs === 0) return fetch(request);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DOMException("too slow", "TimeoutError")), patienceMs);
    fetch(request)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** What stands where a page would be; programs see that it is not the page. */
async function standIn(): Promise<Response> {
  const offline = await caches.match(OFFLINE, { cacheName: PAGES });
  if (!offline) return Response.error();
  return new Response(await offline.text(), { status: 503, headers: offline.headers });
}

/** Keeps the form, if it is the form and goes with the scripts that are kept here. */
async function keep(response: Response): Promise<void> {
  const isPage =
    response.status === 200 && !response.redirected && response.headers.get("Content-Type")?.includes("text/html");
  if (!isPage) return;
  const copy = response.clone();
  if (!(await response.text()).includes(SHELL.script)) {
    // The server is newer than this worker: its own worker comes for it.
    await scope.registration.update().catch(() => undefined);
    return;
  }
  await (await caches.open(PAGES)).put(FORM, copy);
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== MINE) await caches.delete(name);
}

/** The first page came before there was a worker; later ones pass by here anyway. */
async function keepFirst(): Promise<void> {
  if (!(await caches.match(FORM, { cacheName: PAGES }))) await renew();
}

/** Fetches what is kept anew. Scripts of before stay until the form that needs them is replaced. */
async function renew(): Promise<void> {
  try {
    await keep(await fetch(FORM, { credentials: "same-origin", headers: { Accept: "text/html" } }));
    await keepOffline();
  } catch {
    // Without a network everything stays as it is.
  }
}

async function keepOffline(): Promise<void> {
  await (await caches.open(PAGES)).add(
    new Request(OFFLINE, { credentials: "same-origin", headers: { Accept: "text/html" } }),
  );
}

/** Nothing of whoever signed out stays here. */
async function signOut(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.type === "opaqueredirect" || response.ok) {
      await forgetPages();
      const store = await Store.open();
      await store.clear(await store.who());
      store.close();
      announce();
    }
    return response;
  } catch {
    return standIn();
  }
}

/** The network is back and maybe no page is open. A rejection makes the browser ask again later. */
async function send(): Promise<void> {
  const store = await Store.open();
  const { kind } = await flush(store).finally(() => store.close());
  if (kind === "again") throw new DOMException("not yet", "NetworkError");
}
