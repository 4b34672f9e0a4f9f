import { describe, expect, it } from "vitest";
import type { Question, Rules } from "../src/room/events.ts";
import { coolAfter, mayWrite } from "../src/room/may-write.ts";
import { inOrder } from "../src/room/question-order.ts";

const question = (id: string, over: Partial<Question>): Question => ({
  id,
  at: 0,
  name: "",
  text: "",
  votes: 0,
  state: "shown",
  answer: null,
  answered_at: null,
  ...over,
});

const rules = (over: Partial<Rules>): Rules => ({
  chat: "open",
  slow_s: 0,
  pre_moderated: false,
  danmaku: true,
  transport: "socket",
  ...over,
});

describe("questions", () => {
  it("stand by votes, then age; answered ones below, the newest answer first", () => {
    const order = inOrder([
      question("late", { votes: 3, at: 20 }),
      question("old answer", { votes: 99, state: "answered", answered_at: 5 }),
      question("early", { votes: 3, at: 10 }),
      question("merged", { votes: 50, state: "merged" }),
      question("loved", { votes: 7, at: 30 }),
      question("new answer", { state: "answered", answered_at: 9 }),
      question("waiting", { votes: 50, state: "waiting" }),
    ]);
    expect(order.map(({ id }) => id)).toEqual(["loved", "early", "late", "new answer", "old answer"]);
  });
});

describe("who may write", () => {
  const writer = { signedIn: true, rules: undefined, mutedUntil: 0, coolUntil: 0 };

  it.each([
    [{}, { state: "open" }],
    [{ signedIn: false }, { state: "sign_in" }],
    [{ signedIn: false, rules: rules({ chat: "closed" }) }, { state: "closed" }],
    [
      { mutedUntil: 61_000, coolUntil: 5000 },
      { state: "muted", seconds: 60 },
    ],
    [{ mutedUntil: Number.POSITIVE_INFINITY }, { state: "muted", seconds: Number.POSITIVE_INFINITY }],
    [{ coolUntil: 3500 }, { state: "cooling", seconds: 3 }],
    [{ coolUntil: 900, mutedUntil: 900 }, { state: "open" }],
  ] as const)("%o", (over, expected) => {
    expect(mayWrite({ ...writer, ...over }, 1000)).toEqual(expected);
  });

  it("waits after a message in slow mode only", () => {
    expect([rules({ chat: "slow", slow_s: 10 }), rules({ slow_s: 10 }), undefined].map(coolAfter)).toEqual([10, 0, 0]);
  });
});
