import { pauseMs } from "./queue.ts";
import { askForSync, flush, type Outcome } from "./send.ts";
import type { Store } from "./store.ts";

/** Sends whenever it makes sense while a page is open: at once, when the network comes back, and again after pauses. */
export class Sender {
  readonly #store: Store;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<Outcome> | undefined;
  #tries = 0;
  /** Called after each round. */
  onOutcome: (outcome: Outcome) => void = () => undefined;

  constructor(store: Store) {
    this.#store = store;
    addEventListener("online", () => void this.now());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.now();
    });
  }

  /** Tries without waiting any longer. */
  async now(): Promise<Outcome> {
    clearTimeout(this.#timer);
    this.#running ??= flush(this.#store);
    let outcome: Outcome;
    try {
      outcome = await this.#running;
    } catch {
      // The store went away under us (signed out in another tab): a fresh page begins anew.
      outcome = { kind: "done", retryAfterS: 0, offline: false };
    }
    this.#running = undefined;
    if (outcome.kind === "again") {
      this.#tries += 1;
      void askForSync();
      this.#timer = setTimeout(() => void this.now(), pauseMs(this.#tries, Math.random(), outcome.retryAfterS));
    } else this.#tries = 0;
    this.onOutcome(outcome);
    return outcome;
  }
}
