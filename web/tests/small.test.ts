import { describe, expect, it } from "vitest";
import { figure, seriesOf, withoutYear } from "../src/charts/numbers.ts";
import { remaining } from "../src/countdown.ts";
import { changed, fieldsOf } from "../src/drafts.ts";
import { bytes, clock } from "../src/format.ts";
import { firstPosition, readStop, Telling, worthResuming } from "../src/player/resume.ts";
import { parseStoryboard, tileAt } from "../src/player/storyboard.ts";
import { moved } from "../src/rank.ts";
import { fill } from "../src/texts.ts";
import { lineAt } from "../src/transcript.ts";
import en from "../texts/en.json";
import zh from "../texts/zh-CN.json";

describe("formats", () => {
  it("writes moments", () => {
    expect([0, 59.9, 60, 3729, Number.NaN].map(clock)).toEqual(["0:00", "0:59", "1:00", "1:02:09", "0:00"]);
  });

  it("writes sizes", () => {
    expect([0, 999, 1000, 2140000000, 8000000000].map(bytes)).toEqual(["0 B", "999 B", "1 kB", "2.1 GB", "8 GB"]);
  });

  it("fills places and leaves unknown ones to be seen", () => {
    expect(fill("{a} of {b}", { a: 1 })).toBe("1 of {b}");
  });

  it("counts down and stops at nothing", () => {
    expect(remaining(90_061_000, 0)).toEqual([1, 1, 1, 1]);
    expect(remaining(0, 5000)).toEqual([0, 0, 0, 0]);
  });
});

describe("texts", () => {
  it("are complete in both languages, with the same places", () => {
    const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    expect(Object.keys(en)).toEqual(Object.keys(zh));
    for (const [key, text] of Object.entries(zh)) {
      expect(places(en[key as keyof typeof en]), key).toEqual(places(text));
    }
  });
});

describe("drafts", () => {
  it("take what is typed, and empty lists of ticks too", () => {
    const data: [string, string | File][] = [
      ["title", "a"],
      ["topics", "1"],
      ["topics", "2"],
      ["_csrf", "x"],
      ["video", new File([], "v.mp4")],
    ];
    expect(fieldsOf(data, new Set(["consent"]))).toEqual({ title: "a", topics: ["1", "2"], consent: [] });
    expect(fieldsOf([["consent", "on"]], new Set(["consent"]))).toEqual({ consent: ["on"] });
  });

  it("name the fields that differ", () => {
    expect(changed({ title: "a", abstract: "" }, { title: "b" })).toEqual(["title"]);
  });
});

describe("the storyboard", () => {
  const vtt =
    "WEBVTT\n\n00:00:00.000 --> 00:00:05.000\nsb001.jpg#xywh=0,0,160,90\n\n00:05.000 --> 00:10.000\r\nsb001.jpg#xywh=160,0,160,90\n";
  const tiles = parseStoryboard(vtt, "https://example.org/media/v/board.vtt");

  it("is read with and without hours", () => {
    expect(tiles.map(({ fromS, toS, x }) => [fromS, toS, x])).toEqual([
      [0, 5, 0],
      [5, 10, 160],
    ]);
    expect(tiles[0]?.url).toBe("https://example.org/media/v/sb001.jpg");
  });

  it("gives the picture of a moment", () => {
    expect(tileAt(tiles, 4.9)?.x).toBe(0);
    expect(tileAt(tiles, 99)?.x).toBe(160);
    expect(tileAt([], 1)).toBeUndefined();
  });
});

describe("where a viewer goes on", () => {
  const nowhere = { atS: 0, toldMs: 0 };
  const stop = (atS: number, toldMs: number) => ({ atS, toldMs });

  it("is the moment in the address before all, the start too", () => {
    expect(firstPosition("30", stop(100, 2), stop(200, 3)).atS).toBe(30);
    expect(firstPosition("0", stop(100, 2), stop(200, 3))).toMatchObject({ atS: 0, asked: true });
    expect(firstPosition("soon", stop(100, 2), undefined)).toMatchObject({ atS: 100, asked: false });
    expect(firstPosition("-5", nowhere, undefined).atS).toBe(0);
  });

  it("is what was told last, here or elsewhere", () => {
    expect(firstPosition(null, stop(100, 2), stop(200, 3)).atS).toBe(200);
    expect(firstPosition(null, stop(100, 4), stop(200, 3)).atS).toBe(100);
    // Seen to its end elsewhere, it begins anew.
    expect(firstPosition(null, stop(100, 2), stop(0, 3)).atS).toBe(0);
    expect(firstPosition(null, stop(100, 2), undefined).atS).toBe(100);
  });

  it("is read as older versions wrote it, too", () => {
    expect([readStop("42"), readStop("42 1700000000000"), readStop(null), readStop("x")]).toEqual([
      stop(42, 0),
      stop(42, 1_700_000_000_000),
      nowhere,
      nowhere,
    ]);
  });

  it("is told now and then, at once on leaving, and not twice", () => {
    const telling = new Telling();
    expect(telling.due(20, 0, false)).toBe(true);
    expect(telling.due(30, 10_000, false)).toBe(false);
    expect(telling.due(30, 10_000, true)).toBe(true);
    expect(telling.due(31, 11_000, true)).toBe(false);
    expect(telling.due(46, 26_000, false)).toBe(true);
  });
});

describe("small decisions", () => {
  it("resumes only in the middle", () => {
    expect([10, 300, 595].map((at) => worthResuming(at, 600))).toEqual([false, true, false]);
    expect(worthResuming(300, Number.NaN)).toBe(false);
  });

  it("finds the line being spoken", () => {
    expect([-1, 0, 11_999, 12_000, 99_000].map((ms) => lineAt([0, 12_000, 19_000], ms))).toEqual([-1, 0, 0, 1, 2]);
  });

  it("moves an entry of an order", () => {
    expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
    expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
    expect(moved(["a"], 5, 0)).toEqual(["a"]);
  });

  it("reads figures as people write them", () => {
    expect(["12,486", "3.5%", "−2", " 1 204 "].map(figure)).toEqual([12486, 3.5, -2, 1204]);
    expect(
      seriesOf(
        [
          ["甲", "1"],
          ["乙", "–"],
          ["丙", "2"],
        ],
        1,
      ),
    ).toEqual({ names: ["甲", "丙"], values: [1, 2] });
  });

  it("drops a year that all names share, and only then", () => {
    expect(withoutYear(["2026年11月1日", "2026年11月2日"])).toEqual(["11月1日", "11月2日"]);
    expect(withoutYear(["1 Nov 2026", "2 Nov 2026"])).toEqual(["1 Nov", "2 Nov"]);
    expect(withoutYear(["2025年12月31日", "2026年1月1日"])).toEqual(["2025年12月31日", "2026年1月1日"]);
    expect(withoutYear(["石桥村", "东风村"])).toEqual(["石桥村", "东风村"]);
  });
});
