import { describe, expect, it } from "vitest";
import { failureOf } from "../src/upload/failure.ts";
import { broken, type Found, isHopeless, type Rules } from "../src/upload/rules.ts";
import { continues } from "../src/upload/server.ts";
import { Speed } from "../src/upload/speed.ts";

const RULES: Rules = {
  max_bytes: 1000,
  min_seconds: 480,
  max_seconds: 2700,
  min_width: 1280,
  min_height: 720,
  containers: ["mp4", "mov"],
  landscape: true,
};
const GOOD: Found = { name: "lesson.MP4", bytes: 900, seconds: 600, width: 1920, height: 1080 };

describe("rules looked at before uploading", () => {
  const table: [string, Partial<Found>, string[]][] = [
    ["a file that fits", {}, []],
    ["an empty file", { bytes: 0 }, ["empty"]],
    ["one byte too many", { bytes: 1001 }, ["size"]],
    ["exactly the limit", { bytes: 1000 }, []],
    ["another container", { name: "lesson.avi" }, ["container"]],
    ["no ending at all", { name: "lesson" }, ["container"]],
    ["too short", { seconds: 479.9 }, ["too_short"]],
    ["too long", { seconds: 2700.1 }, ["too_long"]],
    ["an upright phone video", { width: 1080, height: 1920 }, ["portrait", "too_narrow"]],
    ["too low", { height: 719 }, ["too_low"]],
  ];
  it.each(table)("%s", (_name, change, expected) => {
    expect(broken(RULES, { ...GOOD, ...change })).toEqual(expected);
  });

  it("leaves to the server what the browser could not read", () => {
    expect(broken(RULES, { name: "lesson.mp4", bytes: 900 })).toEqual([]);
  });

  it("sends nothing that cannot be accepted anyway", () => {
    expect(["empty", "size", "container"].every((name) => isHopeless(name as "empty"))).toBe(true);
    expect(isHopeless("too_long")).toBe(false);
  });
});

describe("a failed request", () => {
  const table: [number, string, boolean][] = [
    [0, "upload_offline", true],
    [401, "upload_signed_out", false],
    [409, "upload_conflict", true],
    [410, "upload_expired", false],
    [413, "upload_too_large", false],
    [423, "upload_conflict", true],
    [429, "upload_server_busy", true],
    [503, "upload_server_busy", true],
    [507, "upload_disk_full", false],
    [422, "upload_refused", false],
  ];
  it.each(table)("%i means %s", (status, key, again) => {
    expect(failureOf(status)).toEqual({ key, again });
  });
});

describe("continuing from another device", () => {
  const held = [{ url: "/uploads/upl_1", offset: 5, length: 900, filename: "lesson.mp4" }];

  it("needs the same name and the same size", () => {
    expect(continues(held, { name: "lesson.mp4", size: 900 })?.url).toBe("/uploads/upl_1");
    expect(continues(held, { name: "lesson.mp4", size: 901 })).toBeUndefined();
    expect(continues(held, { name: "other.mp4", size: 900 })).toBeUndefined();
  });
});

describe("speed", () => {
  it("is unknown at first, then bytes per second", () => {
    const speed = new Speed();
    speed.note(0, 0);
    expect(speed.secondsFor(100)).toBeUndefined();
    speed.note(2000, 4000);
    expect(speed.perSecond()).toBe(2000);
    expect(speed.secondsFor(10_000)).toBe(5);
  });

  it("forgets what is older than ten seconds", () => {
    const speed = new Speed();
    for (const [ms, bytes] of [
      [0, 0],
      [10_000, 10],
      [20_000, 10_010],
    ] as const)
      speed.note(ms, bytes);
    expect(speed.perSecond()).toBe(1000);
  });
});
