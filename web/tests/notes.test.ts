import { beforeEach, describe, expect, it, vi } from "vitest";
import { isEmpty, type Kept, keptNotes, OLD_MS, parse } from "../src/kept-notes.ts";

const NOW = 1_800_000_000_000;
const note = (change: Partial<Kept> = {}): Kept => ({
  notes: [{ at_ms: 61_000, text: "too quiet" }],
  opinion: "",
  written_ms: NOW,
  sent: false,
  ...change,
});

/** As browsers have it: what is stored are its own keys. */
function storage(): Storage {
  const own = { writable: true, configurable: true, enumerable: false };
  const store: Record<string, unknown> = {};
  Object.defineProperties(store, {
    getItem: { ...own, value: (key: string) => store[key] ?? null },
    setItem: { ...own, value: (key: string, value: string) => Object.assign(store, { [key]: value }) },
    removeItem: { ...own, value: (key: string) => delete store[key] },
  });
  return store as unknown as Storage;
}

describe("notes that are not sent yet", () => {
  beforeEach(() => {
    vi.stubGlobal("localStorage", storage());
  });

  it("are there again, each stay of a submission by itself", () => {
    keptNotes.keep("acc_1.hop_1", note());
    expect(keptNotes.read("acc_1.hop_1")).toEqual(note());
    expect(keptNotes.read("acc_2.hop_1")).toBeUndefined();
  });

  it("are forgotten when nothing is left of them", () => {
    keptNotes.keep("a", note());
    keptNotes.keep("a", note({ notes: [], opinion: " " }));
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it("stay after sending until the server says that it took them", () => {
    keptNotes.keep("sent", note({ sent: true }));
    keptNotes.keep("unsent", note());
    keptNotes.keep("old", note({ written_ms: NOW - OLD_MS - 1 }));
    localStorage.setItem("kj:draft:x", "{}");
    keptNotes.tidy(false, NOW);
    expect(Object.keys(localStorage)).toEqual(["kj:review:sent", "kj:review:unsent", "kj:draft:x"]);
    keptNotes.tidy(true, NOW);
    expect(Object.keys(localStorage)).toEqual(["kj:review:unsent", "kj:draft:x"]);
  });

  it("of another shape are not read", () => {
    for (const stored of [null, "", "{", "[]", "null", '{"notes":[null]}', '{"notes":[{"at_ms":"1","text":""}]}']) {
      expect(parse(stored), String(stored)).toBeUndefined();
    }
    expect(isEmpty(note())).toBe(false);
  });
});
