import { describe, expect, it } from "vitest";
import { behind, delayText, within, worthABar } from "../src/player/edge.ts";
import { liveCommandOf } from "../src/player/live-keys.ts";
import { configOf, RECORDED } from "../src/player/manner.ts";
import { firstReportAfter } from "../src/player/played.ts";
import { nextTry } from "../src/player/retry.ts";

const press = (key: string, rest = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, ...rest });

describe("the live edge", () => {
  it("forgives what whole segments cost", () => {
    expect(behind(98, 100, true)).toBe(0);
    expect(behind(77, 100, true)).toBe(23);
    expect(behind(92, 100, false)).toBe(0);
    expect(behind(80, 100, false)).toBe(20);
  });

  it("writes the delay and shows a bar only where there is something to see again", () => {
    expect(delayText(23.9)).toBe("-0:23");
    expect(
      [
        { from: 0, edge: 12 },
        { from: 0, edge: 90 },
      ].map(worthABar),
    ).toEqual([false, true]);
    expect([-5, 50, 99].map((at) => within({ from: 10, edge: 70 }, at))).toEqual([10, 50, 70]);
  });

  it("reports play after thirty seconds: what is live has no length", () => {
    expect(firstReportAfter(Number.POSITIVE_INFINITY)).toBe(30);
  });
});

describe("keys of a live picture", () => {
  it.each([
    ["0", { do: "edge" }],
    ["End", { do: "edge" }],
    ["5", { do: "part", tenths: 5 }],
    [" ", { do: "toggle" }],
    [">", undefined],
  ])("%s", (key, expected) => {
    expect(liveCommandOf(press(key), false)).toEqual(expected);
  });

  it("leave a common showing where it is", () => {
    expect(liveCommandOf(press(" "), true)).toEqual({ do: "mute" });
    expect(liveCommandOf(press("j"), true)).toBeUndefined();
    expect(liveCommandOf(press("f"), true)).toEqual({ do: "fullscreen" });
    expect(liveCommandOf(press("0", { ctrlKey: true }), true)).toBeUndefined();
  });
});

describe("settings of hls.js", () => {
  it("take parts for few viewers and whole segments for many", () => {
    expect(configOf({ live: true, lowLatency: true }, 40)).toMatchObject({ lowLatencyMode: true, startPosition: -1 });
    expect(configOf({ live: true, lowLatency: false }, 0)).toMatchObject({ lowLatencyMode: false });
  });

  it("start a recording where it stopped, without a worker, which our policy forbids", () => {
    expect(configOf(RECORDED, 40)).toEqual({ enableWorker: false, capLevelToPlayerSize: true, startPosition: 40 });
  });
});

describe("a live picture that is not there", () => {
  it("is asked for quietly while the page knows why, and said after ten seconds when it does not", () => {
    expect(nextTry(60_000, true)).toEqual({ afterMs: 2000, tell: false });
    expect(nextTry(4000, false)).toEqual({ afterMs: 2000, tell: false });
    expect(nextTry(11_000, false)).toEqual({ afterMs: 5000, tell: true });
  });
});
