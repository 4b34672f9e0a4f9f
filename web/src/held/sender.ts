import { pauseMs } from "./queue.ts";
import { askForSync, flush, type Outcome } from "./send.ts";
import type { Store } from "./store.ts";

const NOTHING: Outcome = { kind: "done", retryAfterS: 0, offline: false };

/** Sends whenever it makes sense while a page is open: at once, when the network comes back, and again after pauses. */
export class Sender {
  readonly #store: Store;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<Outcome> | undefined;
  #asked = false;
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
    // A round that is at its end may not have seen what was saved just now.
    this.#asked = true;
    this.#running ??= this.#rounds();
    return this.#running;
  }

  async #rounds(): Promise<Outcome> {
    let outcome: Outcome = NOTHING;
    while (this.#asked) {
      this.#asked = false;
      // A store that went away under us (signed out in another tab) leaves nothing to do.
      outcome = await flush(this.#store).catch(() => NOTHING);
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
