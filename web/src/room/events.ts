import type { State } from "../live/state.ts";

/** What a room tells; every event has its number in the room. */
export type RoomEvent = { seq: number } & (
  | ({ kind: "message"; mine?: boolean } & Said)
  | ({ kind: "waiting"; account: string } & Said)
  | { kind: "removed"; id: string }
  | { kind: "cleared" }
  | { kind: "reactions"; counts: Partial<Record<Reaction, number>> }
  | { kind: "presence"; watching: number; error?: number }
  | ({ kind: "question" } & Question)
  | { kind: "question_removed"; id: string }
  | ({ kind: "state" } & State)
  | ({ kind: "rules" } & Rules)
  | { kind: "muted"; until: number | null }
);

/** The event of one kind. */
export type EventOf<K extends RoomEvent["kind"]> = Extract<RoomEvent, { kind: K }>;

export interface Said {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  name: string;
  text: string;
  danmaku: boolean;
}

export interface Question {
  id: string;
  at: number;
  name: string;
  text: string;
  votes: number;
  /** `waiting` is seen by moderators only. */
  state: "waiting" | "shown" | "answered" | "merged";
  answer: string | null;
  answered_at: number | null;
}

export interface Rules {
  chat: "open" | "slow" | "closed";
  slow_s: number;
  pre_moderated: boolean;
  danmaku: boolean;
  transport: "socket" | "files";
  /** Under load one of so many claps is sent, and stands for all of them. */
  claps_one_in?: number;
}

export const REACTIONS = ["clap", "heart", "flower", "laugh"] as const;
export type Reaction = (typeof REACTIONS)[number];

/** Lets each event through once, in order, however often lines break and answers overlap. */
export class Sequence {
  #last: number;

  constructor(after: number) {
    this.#last = after;
  }

  get last(): number {
    return this.#last;
  }

  /** The events of `batch` not seen before. What is no event is dropped: one bad entry must not stop a room. */
  fresh(batch: unknown): RoomEvent[] {
    if (!Array.isArray(batch)) return [];
    const events = (batch as Partial<RoomEvent>[]).filter(
      (event): event is RoomEvent => typeof event?.seq === "number" && typeof event.kind === "string",
    );
    const fresh: RoomEvent[] = [];
    for (const event of events.sort((a, b) => a.seq - b.seq)) {
      if (event.seq <= this.#last) continue;
      this.#last = event.seq;
      fresh.push(event);
    }
    return fresh;
  }
}
