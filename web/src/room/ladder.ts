import type { Hooks, Room, Transport } from "./transport.ts";

/** A line that never opened is tried so often before the next one. */
const TRIES = 2;
const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
/** A line that held so long starts its patience anew. */
const STEADY_MS = 10_000;
/** From a lower rung the best one is tried again after this, then twice as long, and so on. */
const CLIMB_MS = 120_000;
const LONGEST_CLIMB_MS = 1_800_000;

/** Growing pauses with chance in them: a server that comes back must not meet everyone at once. */
export function backoffMs(attempt: number, random: number): number {
  return Math.round(Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt) * (0.5 + random / 2));
}

/** What a ladder is made of, and whom it tells. */
export interface Rungs {
  /** Best first. */
  socket: readonly Transport[];
  files: readonly Transport[];
}

export interface Sink extends Pick<Hooks, "after" | "events"> {
  /** Whether a line stands; for the sentence "reconnecting". */
  connected(is: boolean): void;
}

/** Keeps one line to a room open: the best that works, with patience, and back up when it may work again. */
export class Ladder {
  readonly #room: Room;
  readonly #rungs: Rungs;
  readonly #sink: Sink;
  readonly #random: () => number;
  #kind: keyof Rungs = "socket";
  #rung = 0;
  #failures = 0;
  #attempt = 0;
  #climbMs = CLIMB_MS;
  #close: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #climb: ReturnType<typeof setTimeout> | undefined;
  #stopped = true;

  constructor(room: Room, rungs: Rungs, sink: Sink, random: () => number = Math.random) {
    this.#room = room;
    this.#rungs = rungs;
    this.#sink = sink;
    this.#random = random;
  }

  start(kind: keyof Rungs = "socket"): void {
    this.#stopped = false;
    this.#kind = kind;
    this.#open();
  }

  stop(): void {
    this.#stopped = true;
    this.#drop();
  }

  /** The server wants another kind of line: everyone hears it at once, so nobody goes at once. */
  use(kind: keyof Rungs): void {
    if (kind === this.#kind || this.#stopped) return;
    this.#kind = kind;
    this.#rung = 0;
    this.#failures = 0;
    const afterMs = kind === "socket" ? this.#random() * 10_000 : this.#random() * 1000;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), afterMs);
  }

  /** The network is back, or the page is: no reason for patience. */
  nudge(): void {
    if (this.#stopped || this.#close) return;
    this.#attempt = 0;
    this.#open();
  }

  #drop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#climb);
    this.#close?.();
    this.#close = undefined;
  }

  #open(): void {
    this.#drop();
    const transport = this.#rungs[this.#kind][this.#rung];
    if (!transport || this.#stopped) return;
    let openedAt = 0;
    let live = true;
    const hooks: Hooks = {
      after: () => this.#sink.after(),
      events: (batch) => live && this.#sink.events(batch),
      opened: () => {
        if (!live || openedAt > 0) return;
        openedAt = performance.now();
        this.#failures = 0;
        this.#sink.connected(true);
        this.#mayClimb();
      },
      lost: () => {
        if (!live) return;
        live = false;
        this.#close = undefined;
        this.#lost(openedAt);
      },
    };
    try {
      const close = transport(this.#room, hooks);
      if (!live) return;
      this.#close = () => {
        live = false;
        close();
      };
    } catch {
      hooks.lost();
    }
  }

  #lost(openedAt: number): void {
    clearTimeout(this.#climb);
    this.#sink.connected(false);
    if (openedAt > 0 && performance.now() - openedAt >= STEADY_MS) this.#attempt = 0;
    if (openedAt === 0) {
      this.#failures += 1;
      if (this.#failures >= TRIES && this.#rung < this.#rungs[this.#kind].length - 1) {
        this.#rung += 1;
        this.#failures = 0;
        this.#attempt = 0;
      }
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), backoffMs(this.#attempt, this.#random()));
    this.#attempt += 1;
  }

  #mayClimb(): void {
    if (this.#rung === 0) {
      this.#climbMs = CLIMB_MS;
      return;
    }
    this.#climb = setTimeout(() => {
      this.#rung = 0;
      this.#attempt = 0;
      this.#open();
    }, this.#climbMs);
    this.#climbMs = Math.min(LONGEST_CLIMB_MS, this.#climbMs * 2);
  }
}
