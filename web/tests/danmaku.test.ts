import { describe, expect, it, vi } from "vitest";
import { due, isFree, Lanes } from "../src/room/danmaku-lanes.ts";
import { defaults, parse, settingsChoices } from "../src/room/danmaku-settings.ts";

vi.mock("../src/texts.ts", () => ({ text: (key: string) => key }));

const STAGE_PX = 1000;
const CROSS_S = 10;

describe("the sheet of danmaku settings", () => {
  it("keeps every choice that is made while it is open", () => {
    let settings = defaults(false);
    const sheet = settingsChoices(settings, (part) => {
      settings = { ...settings, ...part };
    });
    sheet.find(({ title }) => title === "danmaku_size")?.choose("large");
    sheet.find(({ title }) => title === "danmaku_opacity")?.choose("50");
    expect(settings).toMatchObject({ on: true, size: "large", opacity: "50" });
  });
});

describe("lanes of danmaku", () => {
  it("fill from the top, and say when all are busy", () => {
    const lanes = new Lanes();
    const take = (nowS: number) => lanes.take(2, 200, nowS, STAGE_PX, CROSS_S);
    expect([take(0), take(0), take(0)]).toEqual([0, 1, undefined]);
    // 120 px a second: the tail of 200 px and the gap are inside after 1.9 s.
    expect(take(1.8)).toBeUndefined();
    expect(take(1.9)).toBe(0);
  });

  it("let no long, fast line run into a short one", () => {
    const short = { startS: 0, widthPx: 50 };
    expect(isFree(short, 50, 1, STAGE_PX, CROSS_S)).toBe(true);
    expect(isFree(short, 2000, 1, STAGE_PX, CROSS_S)).toBe(false);
    expect(isFree(short, 2000, 6.7, STAGE_PX, CROSS_S)).toBe(true);
  });

  it("never let two lines touch", () => {
    const lanes = new Lanes();
    const flights: { lane: number; startS: number; widthPx: number }[] = [];
    for (let step = 0; step < 400; step += 1) {
      const startS = step / 10;
      const widthPx = 40 + ((step * 137) % 900);
      const lane = lanes.take(4, widthPx, startS, STAGE_PX, CROSS_S);
      if (lane !== undefined) flights.push({ lane, startS, widthPx });
    }
    const left = (flight: (typeof flights)[number], nowS: number) =>
      STAGE_PX - ((STAGE_PX + flight.widthPx) * (nowS - flight.startS)) / CROSS_S;
    const isThere = (flight: (typeof flights)[number], nowS: number) =>
      nowS >= flight.startS && nowS < flight.startS + CROSS_S;
    for (let nowS = 0; nowS < 50; nowS += 0.05) {
      for (let lane = 0; lane < 4; lane += 1) {
        const there = flights.filter((flight) => flight.lane === lane && isThere(flight, nowS));
        for (const [index, flight] of there.entries()) {
          const next = there[index + 1];
          if (next) expect(left(flight, nowS) + flight.widthPx).toBeLessThanOrEqual(left(next, nowS) + 0.01);
        }
      }
    }
    expect(flights.length).toBeGreaterThan(40);
  });
});

describe("danmaku of a recording", () => {
  it("come at their moments, each once", () => {
    const entries = [{ at_ms: 0 }, { at_ms: 1000 }, { at_ms: 1200 }, { at_ms: 5000 }];
    expect(due(entries, 900, 1200).map(({ at_ms }) => at_ms)).toEqual([1000, 1200]);
    expect(due(entries, 1200, 1450)).toEqual([]);
  });
});

describe("settings of danmaku", () => {
  it("are off for who wants no motion, until they turn it on", () => {
    expect(defaults(true).on).toBe(false);
    expect(parse('{"on":true}', defaults(true)).on).toBe(true);
  });

  it("forget what makes no sense", () => {
    const stored = '{"on":"yes","size":"huge","area":"full","speed":3}';
    expect(parse(stored, defaults(false))).toEqual({ ...defaults(false), area: "full" });
    expect(parse("{", defaults(false))).toEqual(defaults(false));
    expect(parse("null", defaults(false))).toEqual(defaults(false));
  });
});
