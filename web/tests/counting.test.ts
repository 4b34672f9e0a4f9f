import { describe, expect, it } from "vitest";
import { Part, type Report } from "../src/player/part.ts";
import { EVERYBODY, isIn, lotOf, type Rate } from "../src/player/sample.ts";

const FIRST = 30;

function rate(period: number, one_in: number): Rate {
  return { period, one_in, interval_s: 60 };
}

describe("lots", () => {
  it("are those that the server reckons", () => {
    // The same pairs stand in crates/app/src/watching/rules/sampling_tests.rs.
    expect(lotOf("0011223344556677", "brd_00000000000000000000000000000001")).toBe(2_206_832_260);
    expect(lotOf("ffffffffffffffff", "brd_1")).toBe(4_205_641_821);
  });

  it("draw about one in so many, and the coarser sample out of the finer", () => {
    const seeds = Array.from({ length: 20_000 }, (_, n) => (n * 2_654_435_761).toString(16).padStart(16, "0"));
    const lots = seeds.map((seed) => lotOf(seed, "brd_5"));
    const drawn = lots.filter((lot) => isIn(lot, 100)).length;
    expect(Math.abs(drawn - 200)).toBeLessThan(75);
    expect(lots.every((lot) => !isIn(lot, 100) || isIn(lot, 50))).toBe(true);
    expect(lots.every((lot) => isIn(lot, 1))).toBe(true);
  });
});

describe("what is reported", () => {
  it("of a lesson is as it always was", () => {
    const part = new Part("t", 0);
    expect(part.due(FIRST)).toBe(30);
    expect(part.report(30.4, false)).toEqual({ token: "t", seq: 1, played_s: 30 });
    expect(part.due(FIRST)).toBeCloseTo(60.4);
    expect(part.report(61, true)).toEqual({ token: "t", seq: 2, played_s: 61, viewed: true });
  });

  it("of a broadcast belongs to the period in which it was played", () => {
    const part = new Part("t", 0, rate(1, 1), 0);
    part.report(30, false);
    const next = rate(2, 10);
    expect(part.endsWith(next)).toBe(true);
    expect(part.hasNews(44)).toBe(true);
    expect(part.report(44.5, false)).toEqual({ token: "t", seq: 2, played_s: 44, period: 1 });
    part.take(next, 44.5);
    expect(part.hasNews(45)).toBe(false);
    expect(part.due(FIRST)).toBeCloseTo(104.5);
    expect(part.report(104.6, false)).toEqual({ token: "t", seq: 3, played_s: 60, period: 2, before_s: 44 });
  });

  it("waits until it is told how many report, and belongs to the first period then", () => {
    const part = Part.waiting("t", 0, 0);
    expect(part.reports).toBe(false);
    part.take(rate(7, 2), 12);
    expect(part.reports).toBe(true);
    expect(part.report(31, false)).toEqual({ token: "t", seq: 1, played_s: 31, period: 7 });
  });

  it("is nothing for who is left out or has no token", () => {
    const out = new Part("t", 0, rate(1, 2), 2 ** 31);
    expect([out.reports, out.isLeftOut, out.hasNews(100), out.isEnough(100, FIRST)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    const nobody = new Part("", 0, rate(1, 2), 0);
    expect([nobody.reports, nobody.isLeftOut]).toEqual([false, false]);
    expect(new Part("t", 0, EVERYBODY).isLeftOut).toBe(false);
  });

  it("counts each second and each view once, whatever the rates were", () => {
    let seed = 5;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    for (let run = 0; run < 200; run += 1) {
      const rates = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, n) => rate(n, [1, 2, 5][n % 3] ?? 1));
      const [first, ...others] = rates;
      if (!first) throw new Error("no rate");
      const part = new Part("t", 0, first, 0);
      const reports: Report[] = [];
      let total = 0;
      const play = (seconds: number) => {
        for (let s = 0; s < seconds; s += 1) {
          total += 1;
          if (total >= part.due(FIRST)) reports.push(part.report(total, false));
        }
      };
      play(Math.floor(random() * 80));
      for (const next of others) {
        if (part.endsWith(next) && part.hasNews(total)) reports.push(part.report(total, false));
        part.take(next, total);
        play(Math.floor(random() * 80));
      }
      if (part.hasNews(total)) reports.push(part.report(total, false));
      const last = new Map(reports.map((report) => [report.period ?? 0, report]));
      const seconds = [...last.values()].reduce((sum, report) => sum + report.played_s, 0);
      expect(seconds).toBe(total);
      const views = [...last.values()].filter(
        ({ before_s = 0, played_s }) => before_s < 30 && before_s + played_s >= 30,
      );
      expect(views.length).toBe(total >= 30 ? 1 : 0);
    }
  });
});
