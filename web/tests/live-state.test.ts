import { describe, expect, it } from "vitest";
import { changeOf, holdMs, isOver, isWaiting, nextPollMs, type State, sceneOf } from "../src/live/state.ts";

const state = (over: Partial<State>): State => ({
  state: "on_air",
  mode: "interactive",
  manifest: "/m1",
  token: "t1",
  starts_at: 1000,
  ends_at: null,
  now: 0,
  replay_url: null,
  watching: null,
  poll_ms: 5000,
  ...over,
});

describe("the scene over the picture", () => {
  it.each([
    ["planned", 0, "countdown"],
    ["planned", 1000, "soon"],
    ["testing", 0, "countdown"],
    ["on_air", 0, "picture"],
    ["dropped", 0, "filler"],
    ["paused", 0, "paused"],
    ["ended", 0, "ended"],
    ["cancelled", 0, "cancelled"],
  ] as const)("of %s at %i is %s", (phase, now, scene) => {
    expect(sceneOf({ state: phase, starts_at: 1000 }, now)).toBe(scene);
  });
});

describe("a change of state", () => {
  it("gives the player its first address, and no picture nobody asked for", () => {
    expect(changeOf(undefined, state({}))).toEqual({ source: true, begin: false, edge: false });
  });

  it("begins for those who waited", () => {
    const before = state({ state: "planned", manifest: null });
    expect(changeOf(before, state({}))).toEqual({ source: true, begin: true, edge: false });
  });

  it("keeps the picture when nothing changed, and the address while it is away", () => {
    expect(changeOf(state({}), state({ watching: 9 }))).toEqual({ source: false, begin: false, edge: false });
    expect(changeOf(state({}), state({ state: "dropped", manifest: null })).source).toBe(false);
  });

  it("switches for a renewed address, another host and another profile", () => {
    expect(changeOf(state({}), state({ manifest: "/m2" })).source).toBe(true);
    expect(changeOf(state({}), state({ mode: "mass" })).source).toBe(true);
    expect(changeOf(state({}), state({ token: "t2" })).source).toBe(true);
  });

  it("catches up when the picture is back", () => {
    expect(changeOf(state({ state: "dropped" }), state({})).edge).toBe(true);
    expect(changeOf(state({ state: "paused" }), state({})).edge).toBe(true);
  });

  it("waits until the viewer has seen what the server knows already", () => {
    expect(holdMs("on_air", "ended", true, 2500)).toBe(2500);
    expect(holdMs("on_air", "dropped", true, 90_000)).toBe(20_000);
    expect(holdMs("on_air", "ended", false, 2500)).toBe(0);
    expect(holdMs("dropped", "ended", true, 2500)).toBe(0);
    expect(holdMs("on_air", "cancelled", true, 2500)).toBe(0);
  });

  it("says when a failing playlist is no news", () => {
    expect((["planned", "on_air", "dropped"] as const).map(isWaiting)).toEqual([true, false, true]);
  });
});

describe("asking again", () => {
  it("spreads and listens to the server", () => {
    expect([0, 1].map((random) => nextPollMs(undefined, false, random))).toEqual([4000, 6000]);
    expect(nextPollMs(state({ poll_ms: 20_000 }), false, 0.5)).toBe(20_000);
    expect(nextPollMs(state({ poll_ms: 0 }), false, 0.5)).toBe(5000);
    expect(nextPollMs(state({}), true, 0.5)).toBe(30_000);
  });

  it("ends with the recording", () => {
    expect(isOver(state({ state: "ended" }))).toBe(false);
    expect(isOver(state({ state: "ended", replay_url: "/lessons/1" }))).toBe(true);
    expect(isOver(state({ state: "cancelled" }))).toBe(true);
  });
});
