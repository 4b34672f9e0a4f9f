import { describe, expect, it } from "vitest";
import { boardCommand } from "../src/board/keys.ts";
import { forBoard } from "../src/board/question-order.ts";
import { wishOf } from "../src/board/switches.ts";
import { written } from "../src/ingest/figures.ts";
import { gradeOf, gradeOfAll, type Health, verdictOf } from "../src/ingest/health.ts";
import { KEPT, Samples, sparkPath } from "../src/ingest/spark.ts";

describe("keys of the board", () => {
  it("move and decide, and leave the browser its own", () => {
    const press = (key: string, ctrlKey = false) => boardCommand({ key, ctrlKey, altKey: false, metaKey: false });
    expect(["j", "K", "a", "D", "x"].map((key) => press(key))).toEqual([
      "next",
      "previous",
      "approve",
      "remove",
      undefined,
    ]);
    expect(press("d", true)).toBeUndefined();
  });
});

describe("questions on the board", () => {
  it("show first what nobody has read", () => {
    const question = (id: string, state: "waiting" | "shown", at: number, votes: number) => {
      return { id, state, at, votes, name: "", text: "", answer: null, answered_at: null };
    };
    const all = [
      question("b", "shown", 0, 1),
      question("new", "waiting", 9, 0),
      question("a", "shown", 0, 5),
      question("old", "waiting", 3, 0),
    ];
    expect(forBoard(all).map(({ id }) => id)).toEqual(["old", "new", "a", "b"]);
  });
});

describe("rules of a room", () => {
  const rules = { chat: "open", slow_s: 0, pre_moderated: true, danmaku: true } as const;

  it("are slow with a number and open without", () => {
    expect(wishOf(rules, { slow_s: 10 })).toEqual({ ...rules, chat: "slow", slow_s: 10 });
    expect(wishOf({ ...rules, chat: "slow", slow_s: 10 }, { slow_s: 0 })).toEqual(rules);
  });

  it("open again at the pace they had, and stay closed whatever else is turned", () => {
    const closed = wishOf({ ...rules, chat: "slow", slow_s: 10 }, { chat: "closed" });
    expect(closed.chat).toBe("closed");
    expect(wishOf(closed, { danmaku: false }).chat).toBe("closed");
    expect(wishOf(closed, { chat: "open" }).chat).toBe("slow");
  });
});

const health = (over: Partial<Health>): Health => ({
  connected: true,
  since: 0,
  video: { width: 1280, height: 720, fps: 29.97, kbps: 2500, keyframe_s: 2 },
  audio: { rate: 48_000, channels: 2, kbps: 128 },
  advice: [],
  uplink: "good",
  state: "on_air",
  ...over,
});

describe("the lecturer's line", () => {
  it.each([
    [{}, "good", "good"],
    [{ uplink: "poor" }, "poor", "warn"],
    [{ advice: [{ code: "keyframes", text: "" }] }, "advice", "warn"],
    [{ advice: [{ code: "no-audio", text: "" }], audio: null }, "advice", "bad"],
    [{ connected: false, since: null }, "none", "none"],
    [{ connected: false }, "lost", "bad"],
    [{ connected: false, since: null, advice: [{ code: "refused", text: "" }] }, "advice", "bad"],
  ] as const)("%o", (over, verdict, grade) => {
    expect(verdictOf(health(over as Partial<Health>))).toBe(verdict);
    expect(gradeOfAll(health(over as Partial<Health>))).toBe(grade);
  });

  it("is graded figure by figure", () => {
    const late = health({ advice: [{ code: "keyframes", text: "" }] });
    expect([gradeOf(late, "keyframe"), gradeOf(late, "video")]).toEqual(["warn", "good"]);
    expect(gradeOf(health({ audio: null }), "audio")).toBe("none");
    expect(gradeOf(health({ connected: false }), "fps")).toBe("none");
  });

  it("is written in the units of an encoder", () => {
    expect(written("video", 2500)).toBe("2.5");
    expect(written("video", 640)).toBe("0.64");
    expect(written("fps", 29.97)).toBe("30");
    expect(written("keyframe", 8.3)).toBe("8.3");
    expect(written("audio", undefined)).toBe("–");
  });
});

describe("sparklines", () => {
  it("keep the last minute or two", () => {
    const samples = new Samples();
    for (let n = 0; n < 100; n += 1) samples.note(n);
    expect([samples.values.length, samples.values[0]]).toEqual([KEPT, 40]);
  });

  it("end at the right edge, stand on zero, and break where there was nothing", () => {
    expect(sparkPath([], 118, 22)).toBe("");
    expect(sparkPath([0, 0], 118, 22)).toBe("");
    expect(sparkPath([10, 5], 118, 22)).toBe("M116.0 2.0L118.0 12.0");
    expect(sparkPath([10, undefined, 10, 10], 118, 22)).toBe("M112.0 2.0M116.0 2.0L118.0 2.0");
  });
});
