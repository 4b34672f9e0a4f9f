import { make } from "../dom.ts";
import { text } from "../texts.ts";
import { batches } from "./batches.ts";
import { type RoomEvent, Sequence } from "./events.ts";
import { Ladder } from "./ladder.ts";
import type { Outbox } from "./outbox.ts";
import { polling } from "./polling.ts";
import { socket } from "./socket.ts";
import { stream } from "./stream.ts";

/** A hiccup is not worth a word. */
const QUIET_MS = 3000;

/** One element's line to its room: numbers, ladder, and the sentence while it is broken. */
export class Line {
  readonly status = make("p", { class: "room-status", role: "status", hidden: true }, text("room_reconnecting"));
  readonly #sequence: Sequence;
  readonly #ladder: Ladder;
  readonly #kind: "socket" | "files";
  readonly #outbox: Outbox | undefined;
  readonly #told: string;
  readonly #take: (events: RoomEvent[], first: boolean) => void;
  #first = true;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `take` gets each event once; `first` marks what had happened before the line opened. */
  constructor(element: Element, outbox: Outbox | undefined, take: (events: RoomEvent[], first: boolean) => void) {
    this.#outbox = outbox;
    this.#told = element.querySelector(".room-told")?.textContent ?? "[]";
    this.#sequence = new Sequence(0);
    this.#take = take;
    this.#kind = element.getAttribute("transport") === "files" ? "files" : "socket";
    const room = { src: element.getAttribute("src") ?? "", board: element.localName === "kj-board" };
    this.#ladder = new Ladder(
      room,
      { socket: [socket, stream, polling], files: [batches] },
      {
        after: () => this.#sequence.last,
        events: (batch) => {
          const fresh = this.#sequence.fresh(batch);
          // Moderators see what caches must not hold, so they keep to sockets.
          if (!room.board) this.#switch(fresh);
          if (fresh.length > 0) take(fresh, this.#first);
          this.#first = false;
        },
        connected: (is) => this.#connected(is),
      },
    );
  }

  /** Number of the newest event seen. */
  get last(): number {
    return this.#sequence.last;
  }

  start(): void {
    // What the page carries was told before it was opened; the line goes on from there.
    const told = this.#sequence.fresh(JSON.parse(this.#told));
    if (told.length > 0) this.#take(told, true);
    addEventListener("online", this.#nudge);
    document.addEventListener("visibilitychange", this.#nudge);
    this.#ladder.start(this.#kind);
    void this.#outbox?.flush();
  }

  stop(): void {
    removeEventListener("online", this.#nudge);
    document.removeEventListener("visibilitychange", this.#nudge);
    this.#ladder.stop();
  }

  readonly #nudge = (): void => {
    if (document.hidden) return;
    this.#ladder.nudge();
    void this.#outbox?.flush();
  };

  #switch(events: readonly RoomEvent[]): void {
    for (const event of events) {
      const kind = (event as { transport?: unknown }).transport;
      if (kind === "socket" || kind === "files") this.#ladder.use(kind);
    }
  }

  #connected(is: boolean): void {
    if (!is) {
      this.#first = true;
      // From the first failure on: each further one would put it off again.
      this.#timer ??= setTimeout(() => {
        this.status.hidden = false;
      }, QUIET_MS);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.status.hidden = true;
    void this.#outbox?.flush();
  }
}
