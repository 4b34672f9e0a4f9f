import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Refused } from "../src/http.ts";
import { missing } from "../src/room/batches.ts";
import { Sequence } from "../src/room/events.ts";
import { backoffMs, Ladder } from "../src/room/ladder.ts";
import { type Draft, Outbox } from "../src/room/outbox.ts";
import { addressOf, type Hooks, type Transport } from "../src/room/transport.ts";

const presence = (seq: number) => ({ seq, kind: "presence", watching: seq });

describe("the numbers of events", () => {
  it("let each through once, in order, however answers overlap", () => {
    const sequence = new Sequence(2);
    const seen = (batch: unknown) => sequence.fresh(batch).map(({ seq }) => seq);
    expect(seen([presence(4), presence(3), presence(2)])).toEqual([3, 4]);
    expect(seen([presence(3), presence(4), presence(5), presence(5)])).toEqual([5]);
    expect(seen([presence(1)])).toEqual([]);
    expect(sequence.last).toBe(5);
  });

  it("pass over what is no event", () => {
    expect(new Sequence(0).fresh([null, {}, { seq: "1", kind: "x" }, presence(1)])).toHaveLength(1);
    expect(new Sequence(0).fresh({ error: 1 })).toEqual([]);
  });
});

describe("addresses", () => {
  it("name the newest event seen, and the board only for moderators", () => {
    expect(addressOf({ src: "/rooms/r", board: false }, "socket", 7)).toBe("/rooms/r/socket?after=7");
    expect(addressOf({ src: "/rooms/r", board: true }, "events", 7)).toBe("/rooms/r/events?after=7&board=1");
  });

  it("name the batches not read yet, and not a whole evening of them", () => {
    expect(missing(undefined, 3)).toEqual([0, 1, 2, 3]);
    expect(missing(3, 3)).toEqual([]);
    expect(missing(3, 5)).toEqual([4, 5]);
    expect(missing(undefined, 400)).toHaveLength(10);
    expect(missing(3, 400).at(0)).toBe(391);
  });
});

describe("the ladder of lines", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Lines that note when they are opened; `works` says which of them do. */
  function ladder(works: (name: string) => boolean) {
    const opened: string[] = [];
    const lines: Hooks[] = [];
    const line =
      (name: string): Transport =>
      (_room, hooks) => {
        opened.push(name);
        lines.push(hooks);
        if (works(name)) hooks.opened();
        else hooks.lost();
        return () => undefined;
      };
    const rungs = { socket: [line("socket"), line("stream"), line("polling")], files: [line("files")] };
    const sink = { after: () => 0, events: vi.fn(), connected: vi.fn() };
    const made = new Ladder({ src: "/rooms/r", board: false }, rungs, sink, () => 1);
    return { made, opened, lines, sink };
  }

  it("takes the best that opens", async () => {
    const { made, opened } = ladder((name) => name === "polling");
    made.start();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(opened).toEqual(["socket", "socket", "stream", "stream", "polling"]);
  });

  it("comes back to a line that had opened before it looks for another", async () => {
    const { made, opened, lines, sink } = ladder(() => true);
    made.start();
    lines[0]?.lost();
    expect(sink.connected.mock.calls).toEqual([[true], [false]]);
    await vi.advanceTimersByTimeAsync(1500);
    expect(opened).toEqual(["socket", "socket"]);
    // A dead line has nothing more to say.
    lines[0]?.events([presence(1)]);
    expect(sink.events).not.toHaveBeenCalled();
  });

  it("climbs again after two minutes", async () => {
    let blocked = true;
    const { made, opened } = ladder((name) => name !== "socket" || !blocked);
    made.start();
    await vi.advanceTimersByTimeAsync(10_000);
    blocked = false;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(opened).toEqual(["socket", "socket", "stream", "socket"]);
  });

  it("changes to files when the server asks, and stays there", async () => {
    const { made, opened } = ladder(() => true);
    made.start();
    made.use("files");
    made.use("files");
    await vi.advanceTimersByTimeAsync(200_000);
    expect(opened).toEqual(["socket", "files"]);
  });

  it("stops", async () => {
    const { made, opened } = ladder(() => false);
    made.start();
    made.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened).toEqual(["socket"]);
  });

  it("waits longer each time, within bounds and with chance", () => {
    expect([0, 1, 2, 9].map((attempt) => backoffMs(attempt, 1))).toEqual([1000, 2000, 4000, 30_000]);
    expect(backoffMs(0, 0)).toBe(500);
  });
});

describe("what is said", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("goes out again under the same name until the server has it, in order", async () => {
    const posted: Draft[] = [];
    const answers = [new TypeError("offline"), new Refused(503, ""), undefined, undefined];
    const taken: string[] = [];
    const outbox = new Outbox("r", {
      post: async (draft) => {
        posted.push(draft);
        const error = answers.shift();
        if (error) throw error;
        return { seq: 1, state: "shown" };
      },
      taken: ({ text }) => void taken.push(text),
      refused: () => expect.unreachable(),
    });
    outbox.send("one", false);
    outbox.send("two", true);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(posted.map(({ text }) => text)).toEqual(["one", "one", "one", "two"]);
    expect(new Set(posted.map(({ client_id }) => client_id)).size).toBe(2);
    expect(taken).toEqual(["one", "two"]);
    expect(outbox.drafts).toEqual([]);
  });

  it("comes back to its writer when it is refused", async () => {
    const refused: [string, number][] = [];
    const outbox = new Outbox("r", {
      post: async () => {
        throw new Refused(429, "slow", 8);
      },
      taken: () => expect.unreachable(),
      refused: ({ text }, { retryAfterS }) => void refused.push([text, retryAfterS]),
    });
    outbox.send("one", false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(refused).toEqual([["one", 8]]);
    expect(outbox.drafts).toEqual([]);
  });
});
