import { describe, expect, it } from "vitest";
import { commandOf, speedFrom } from "../src/player/keys.ts";
import { neighbour, reviewCommand } from "../src/review-keys.ts";

const press = (key: string, rest = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, ...rest });

describe("keys of the player", () => {
  it.each([
    [" ", { do: "toggle" }],
    ["K", { do: "toggle" }],
    ["j", { do: "skip", seconds: -10 }],
    ["ArrowRight", { do: "skip", seconds: 5 }],
    [">", { do: "faster", steps: 1 }],
    ["7", { do: "part", tenths: 7 }],
    ["q", undefined],
  ])("%s", (key, expected) => {
    expect(commandOf(press(key))).toEqual(expected);
  });

  it("leaves the browser its own", () => {
    expect(commandOf(press("f", { ctrlKey: true }))).toBeUndefined();
    expect(commandOf(press("ArrowLeft", { altKey: true }))).toBeUndefined();
  });

  it("stays inside the list of speeds", () => {
    expect(speedFrom(1, 1)).toBe(1.25);
    expect(speedFrom(2, 1)).toBe(2);
    expect(speedFrom(0.5, -1)).toBe(0.5);
    expect(speedFrom(3, -1)).toBe(1.5);
  });
});

describe("keys of the review page", () => {
  it.each([
    ["j", "next"],
    ["K", "previous"],
    ["?", "help"],
    ["n", "note"],
    ["r", { verdict: "r" }],
    ["x", undefined],
  ])("%s", (key, expected) => {
    expect(reviewCommand(press(key), ["r", "b"])).toEqual(expected);
  });

  it("never takes a shortcut of the browser for a verdict", () => {
    expect(reviewCommand(press("r", { ctrlKey: true }), ["r"])).toBeUndefined();
    expect(reviewCommand(press("r", { metaKey: true }), ["r"])).toBeUndefined();
  });

  it("stops at the ends of the queue", () => {
    expect(neighbour(0, 3, 1)).toBe(1);
    expect(neighbour(2, 3, 1)).toBeUndefined();
    expect(neighbour(0, 3, -1)).toBeUndefined();
    expect(neighbour(-1, 3, 1)).toBe(0);
    expect(neighbour(-1, 0, 1)).toBeUndefined();
  });
});
