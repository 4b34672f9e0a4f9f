import { describe, expect, it } from "vitest";
import { firstReportAfter, PlayedSeconds, type Sample } from "../src/player/played.ts";

const at = (mediaS: number, wallS: number, rest: Partial<Sample> = {}): Sample => ({
  mediaS,
  wallMs: wallS * 1000,
  rate: 1,
  playing: true,
  ...rest,
});

function total(samples: Sample[]): number {
  const played = new PlayedSeconds();
  for (const sample of samples) played.note(sample);
  return played.total;
}

describe("seconds really played", () => {
  it("adds up while the picture runs", () => {
    expect(total([at(0, 0), at(1, 1), at(2, 2)])).toBe(2);
  });

  it("does not count a pause", () => {
    expect(total([at(0, 0), at(5, 5, { playing: false }), at(5, 65), at(6, 66)])).toBe(6);
  });

  it("does not count a jump forward or back", () => {
    expect(total([at(0, 0), at(300, 1), at(301, 2), at(10, 3), at(11, 4)])).toBe(2);
  });

  it("measures the clock, not the media: a minute at double speed is half a minute", () => {
    expect(total([at(0, 0, { rate: 2 }), at(60, 30, { rate: 2 })])).toBe(30);
  });

  it("counts only what moved while the picture hung", () => {
    expect(total([at(10, 0), at(10, 20)])).toBe(0);
  });

  it("never counts more than the clock", () => {
    expect(total([at(0, 0), at(1.2, 1)])).toBe(1);
  });
});

describe("the first report", () => {
  it("goes out after 30 s, or half of a shorter video", () => {
    expect(firstReportAfter(1800)).toBe(30);
    expect(firstReportAfter(40)).toBe(20);
    expect(firstReportAfter(Number.NaN)).toBe(30);
    expect(firstReportAfter(Number.POSITIVE_INFINITY)).toBe(30);
  });
});
