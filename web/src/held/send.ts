import type { Fault, Fields, Item, Operation, Photo } from "./model.ts";
import { beaten, done, inOrder, meaning, type Meaning, ready, refused, tried } from "./queue.ts";
import { announce, type Store } from "./store.ts";

/** How a round of sending ended. `again`: something is left for which the line or the server was not good enough. */
export type Outcome = { kind: "done" | "sign-in" | "again"; retryAfterS: number; offline: boolean };

const PATIENCE_MS = 30_000;
const PHOTO_PATIENCE_MS = 180_000;
const LOCK = "kaijiang-held-sending";

interface Answer {
  meaning: Meaning;
  retryAfterS: number;
  offline: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each reader below knows the shape of its answer.
  body: any;
}

/** Asks once; a line that breaks, or says nothing for too long, is `not-now`. */
async function ask(url: string, init: RequestInit, patienceMs: number): Promise<Answer> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), patienceMs);
  const headers = {
    Accept: "application/json",
    "X-Requested-With": "kaijiang",
    ...(init.headers as Record<string, string>),
  };
  try {
    const response = await fetch(url, { ...init, headers, credentials: "same-origin", signal: giveUp.signal });
    const body = await response.json().catch(() => ({}));
    const retryAfterS = Number(response.headers.get("Retry-After")) || 0;
    return { meaning: meaning(response.status, String(body.code ?? "")), retryAfterS, offline: false, body };
  } catch {
    return { meaning: "not-now", retryAfterS: 0, offline: true, body: {} };
  } finally {
    clearTimeout(timer);
  }
}

function sendOperation(item: Item, operation: Operation): Promise<Answer> {
  const { id, organisation, fields, reason, based_on, took_s } = operation;
  const body = JSON.stringify({ organisation, operation: id, based_on, fields, reason, took_s });
  const headers = { "Content-Type": "application/json" };
  return ask(`/api/v1/held-sessions/${item.id}`, { method: "PUT", body, headers }, PATIENCE_MS);
}

function sendPhoto(photo: Photo): Promise<Answer> {
  const init = { method: "PUT", body: photo.bytes, headers: { "Content-Type": "image/jpeg" } };
  return ask(`/api/v1/held-sessions/${photo.item}/photos/${photo.id}`, init, PHOTO_PATIENCE_MS);
}

/** One round over everything that waits. */
class Round {
  readonly #store: Store;
  readonly #account: string;
  /** Items for which something did not work in this round. */
  readonly #later = new Set<string>();
  #stop: Answer | undefined;

  constructor(store: Store, account: string) {
    this.#store = store;
    this.#account = account;
  }

  async run(): Promise<Outcome> {
    for (;;) {
      const { items, photos } = await this.#store.everything(this.#account);
      const next = inOrder(items, photos).find((item) => !this.#later.has(item.id));
      if (!next || this.#stop) break;
      announce(next.id);
      const first = tried(next);
      if (first) await this.#operation(...first);
      else await this.#photo(next, ready(next, photos)[0]);
    }
    announce();
    const { meaning = "later", retryAfterS = 0, offline = false } = this.#stop ?? {};
    if (meaning === "sign-in") return { kind: "sign-in", retryAfterS, offline };
    return { kind: this.#stop || this.#later.size > 0 ? "again" : "done", retryAfterS, offline };
  }

  async #operation(item: Item, operation: Operation): Promise<void> {
    // First it is written down that it was tried: from now on its bytes stay the same.
    const kept = await this.#store.update(item.id, (known) =>
      known?.operations[0]?.id === operation.id ? item : undefined,
    );
    if (!kept) return;
    const answer = await sendOperation(item, operation);
    const settle = (change: (known: Item) => Item) => this.#store.update(item.id, (known) => known && change(known));
    if (answer.meaning === "done") {
      const { version, fields } = answer.body as { version: number; fields: Fields };
      await settle((known) => done(known, operation.id, version, fields, Date.now()));
    } else if (answer.meaning === "conflict") {
      const { current } = answer.body as { current: { version: number; fields: Fields } };
      await settle((known) => beaten(known, operation.id, current.version, current.fields));
    } else if (answer.meaning === "refused") {
      await settle((known) => refused(known, operation.id, detail(answer), faults(answer)));
    } else this.#postpone(item, answer);
  }

  async #photo(item: Item, photo: Photo | undefined): Promise<void> {
    if (!photo) return;
    const answer = await sendPhoto(photo);
    if (answer.meaning === "done") await this.#store.photoSent(photo.id, item.id, Date.now());
    else if (answer.meaning === "refused" || answer.meaning === "conflict") {
      await this.#store.refusePhoto(photo.id, faults(answer)[0]?.text ?? detail(answer));
    } else this.#postpone(item, answer);
  }

  #postpone(item: Item, answer: Answer): void {
    this.#later.add(item.id);
    if (answer.meaning !== "later") this.#stop = answer;
  }
}

function detail(answer: Answer): string {
  return String(answer.body.detail ?? answer.body.title ?? answer.body.code ?? "?");
}

function faults(answer: Answer): Fault[] {
  const fields = (answer.body.errors ?? []) as { field: string; text?: string; rule: string }[];
  return fields.map(({ field, text, rule }) => ({ field, text: text ?? rule }));
}

/**
 * Sends what the signed-in account has here, and nothing of anybody else. One page or worker sends at a time; who comes second
 * has nothing to do.
 */
export async function flush(store: Store): Promise<Outcome> {
  const send = async (): Promise<Outcome> => {
    const me = await ask("/api/v1/me", {}, PATIENCE_MS);
    if (me.meaning === "sign-in") return { kind: "sign-in", retryAfterS: 0, offline: false };
    if (me.meaning !== "done") return { kind: "again", retryAfterS: me.retryAfterS, offline: me.offline };
    return new Round(store, String(me.body.id)).run();
  };
  if (!navigator.locks) return send();
  return navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) =>
    lock ? send() : { kind: "again", retryAfterS: 1, offline: false },
  );
}

/** Asks the browser to go on even when every page is closed. Not every browser can. */
export async function askForSync(): Promise<void> {
  const registration = (await navigator.serviceWorker?.getRegistration()) as
    | (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } })
    | undefined;
  await registration?.sync?.register(SYNC).catch(() => undefined);
}

/** Name of the background task. */
export const SYNC = "held-sessions";
