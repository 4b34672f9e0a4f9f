import { describe, expect, it } from "vitest";
import { remembered, suggestion } from "../src/held/habit.ts";
import { newId } from "../src/held/ids.ts";
import { asked, compare, merge } from "../src/held/merge.ts";
import type { Fields, Item, Photo } from "../src/held/model.ts";
import { localNow } from "../src/held/moment.ts";
import { fitted } from "../src/held/photo.ts";
import {
  beaten,
  begun,
  done,
  inOrder,
  meaning,
  pauseMs,
  ready,
  refused,
  saved,
  settled,
  shown,
  standing,
  timed,
  tried,
  typed,
} from "../src/held/queue.ts";

const FIELDS: Fields = {
  title: "秋收里的一堂课",
  held_at: "2026-11-20T19:30",
  minutes: 60,
  lecturer: "李桂芳",
  lecturer_id: null,
  lecturer_kind: "model",
  form: "lecture",
  venue_kind: "square",
  topic: "",
  people: 42,
  place: "村口",
  note: "",
  campaign: null,
  plan: null,
};
const other = (change: Partial<Fields>): Fields => ({ ...FIELDS, ...change });
const item = (id = "hs_a", now = 1): Item => begun(id, "acc_1", "org_1", now);
const save = (one: Item, fields: Fields, operation: string, now = 10) =>
  saved(one, "org_1", fields, "", operation, now);
const photo = (change: Partial<Photo> = {}): Photo => ({
  id: "pho_a",
  item: "hs_a",
  account: "acc_1",
  bytes: new ArrayBuffer(1),
  saved: true,
  added_at: 1,
  refused: "",
  ...change,
});
function attempt(one: Item): Item {
  const ready = tried(one);
  if (!ready) throw new Error("nothing to try");
  return ready[0];
}

describe("F1 the queue of one held session", () => {
  it("replaces a save that was never tried, so that one operation goes", () => {
    const twice = save(save(item(), FIELDS, "one"), other({ people: 43 }), "two");
    expect(twice.operations.map(({ id, fields }) => [id, fields.people])).toEqual([["two", 43]]);
  });

  it("keeps a save that was tried before the next: the server may have it", () => {
    const first = attempt(save(item(), FIELDS, "one"));
    const both = save(first, other({ people: 43 }), "two", 20);
    expect(both.operations.map(({ id, based_on }) => [id, based_on])).toEqual([
      ["one", 0],
      ["two", null],
    ]);
    expect(both.saved_at).toBe(10);
    const after = done(both, "one", 1, FIELDS, 30);
    expect(attempt(after).operations.map(({ id, based_on }) => [id, based_on])).toEqual([["two", 1]]);
  });

  it("says the same bytes however often it is tried", () => {
    const once = attempt(save(item(), FIELDS, "one"));
    expect(attempt({ ...once, seen: 5 }).operations).toEqual(once.operations);
  });

  it("takes an answer once, whoever brings it", () => {
    const sent = done(attempt(save(item(), FIELDS, "one")), "one", 1, FIELDS, 30);
    expect(done(sent, "one", 1, FIELDS, 40)).toBe(sent);
    expect(refused(sent, "one", "no", [])).toBe(sent);
    expect(standing(sent, [], "")).toBe("sent");
  });

  it("gives a refusal back to its author, whose next save is a new operation", () => {
    const back = refused(attempt(save(item(), FIELDS, "one")), "one", "no", [{ field: "people", text: "too many" }]);
    expect(standing(back, [], "")).toBe("refused");
    expect(shown(back)?.fields).toEqual(FIELDS);
    expect(tried(back)).toBeUndefined();
    const again = attempt(save(back, other({ people: 3 }), "two"));
    expect(again.operations.map(({ id, based_on }) => [id, based_on])).toEqual([["two", 0]]);
  });

  it("lets a later save stand for one that was refused", () => {
    const both = save(attempt(save(item(), FIELDS, "one")), other({ people: 3 }), "two");
    expect(refused(both, "one", "no", []).operations.map(({ id }) => id)).toEqual(["two"]);
  });

  it("keeps what is typed while a save comes back refused", () => {
    const typing = typed(attempt(save(item(), FIELDS, "one")), "org_1", other({ note: "newer" }), "", 20);
    expect(shown(refused(typing, "one", "no", []))?.fields.note).toBe("newer");
  });

  it("goes upon their version once a conflict is settled", () => {
    const seen = done(attempt(save(item(), FIELDS, "one")), "one", 1, FIELDS, 30);
    const lost = beaten(attempt(save(seen, other({ people: 3 }), "two")), "two", 4, other({ place: "hall" }));
    expect(standing(lost, [], "")).toBe("conflict");
    const again = attempt(settled(lost, other({ people: 3, place: "hall" }), "", "three", 50));
    expect(again.operations.map(({ id, based_on }) => [id, based_on])).toEqual([["three", 4]]);
    expect(again.base?.place).toBe("hall");
  });

  it("is sending only while it is its turn", () => {
    const waiting = save(item(), FIELDS, "one");
    expect([standing(waiting, [], ""), standing(waiting, [], "hs_a"), standing(waiting, [], "hs_b")]).toEqual([
      "waiting",
      "sending",
      "waiting",
    ]);
    expect(standing(typed(item(), "org_1", FIELDS, "", 2), [], "")).toBe("draft");
  });
});

describe("F1 the order in which things go", () => {
  it("sends what was saved first before the rest, and nothing that waits for its author", () => {
    const late = save(item("hs_b"), FIELDS, "b", 20);
    const early = save(item("hs_c"), FIELDS, "c", 10);
    const halted = refused(attempt(save(item("hs_d"), FIELDS, "d", 1)), "d", "no", []);
    const draft = typed(item("hs_e"), "org_1", FIELDS, "", 1);
    expect(inOrder([late, halted, draft, early], []).map(({ id }) => id)).toEqual(["hs_c", "hs_b"]);
  });

  it("sends photos once the server knows their session, and only those that were saved with it", () => {
    const waiting = save(item(), FIELDS, "one");
    expect(ready(waiting, [photo()])).toEqual([]);
    const known = done(attempt(waiting), "one", 1, FIELDS, 30);
    const photos = [
      photo({ id: "pho_c", added_at: 2 }),
      photo({ id: "pho_b", saved: false }),
      photo(),
      photo({ id: "pho_d", refused: "damaged" }),
      photo({ id: "pho_e", item: "hs_z" }),
    ];
    expect(ready(known, photos).map(({ id }) => id)).toEqual(["pho_a", "pho_c"]);
    expect(inOrder([known], photos)).toEqual([known]);
    expect(standing(known, [photo({ refused: "damaged" })], "")).toBe("refused");
  });
});

describe("F1 when to try again", () => {
  it("doubles up to five minutes, differs by phone, and waits as long as the server asks", () => {
    expect([1, 2, 3, 4].map((tries) => pauseMs(tries, 0.5))).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(pauseMs(40, 0.5)).toBe(300_000);
    expect([pauseMs(1, 0), pauseMs(1, 1)]).toEqual([1_500, 2_500]);
    expect(pauseMs(1, 0.5, 60)).toBe(60_000);
  });

  const table: [number, string, string][] = [
    [200, "", "done"],
    [401, "sign-in-first", "sign-in"],
    [409, "changed-meanwhile", "conflict"],
    [409, "session-void", "refused"],
    [422, "invalid", "refused"],
    [403, "forbidden", "refused"],
    [413, "photo-too-large", "refused"],
    [429, "too-many-requests", "not-now"],
    [503, "", "not-now"],
    [507, "disk-full", "not-now"],
    [500, "internal", "later"],
  ];
  it.each(table)("%i %s means %s", (status, code, expected) => {
    expect(meaning(status, code)).toBe(expected);
  });
});

describe("F1 two who changed the same session", () => {
  it("chooses what only one of them changed, and asks about the rest", () => {
    const mine = other({ people: 50, place: "hall", note: "mine" });
    const theirs = other({ people: 60, place: "square", title: "theirs" });
    const found = compare(other({ place: "square" }), mine, theirs);
    expect(found.map(({ field, side }) => [field, side])).toEqual([
      ["title", "theirs"],
      ["people", undefined],
      ["place", "mine"],
      ["note", "mine"],
    ]);
    expect(merge(mine, theirs, { title: "theirs", people: "mine", place: "mine", note: "mine" })).toEqual(
      other({ title: "theirs", people: 50, place: "hall", note: "mine" }),
    );
  });

  it("asks about everything when it is not known what both began with", () => {
    expect(compare(null, FIELDS, other({ people: 1 })).map(({ side }) => side)).toEqual([undefined]);
  });

  it("takes the id of a lecturer with the name, and does not ask about it", () => {
    const theirs = other({ lecturer: "王强", lecturer_id: "lec_2" });
    expect(asked(compare(null, FIELDS, theirs)).map(({ field }) => field)).toEqual(["lecturer"]);
    expect(merge(FIELDS, theirs, { lecturer: "theirs" }).lecturer_id).toBe("lec_2");
    expect(merge(FIELDS, theirs, { lecturer: "mine" }).lecturer_id).toBeNull();
    expect(asked(compare(null, FIELDS, other({ lecturer_id: "lec_1" }))).map(({ field }) => field)).toEqual([
      "lecturer_id",
    ]);
  });
});

describe("F1 what a new form says", () => {
  const given = other({ title: "", people: -1, lecturer: "王强", place: "" });

  it("goes by what this device saved later than the page was made, but for what differs each time", () => {
    const habit = remembered(undefined, "acc_1", "org_1", FIELDS, 200);
    const suggested = suggestion(given, 100, habit, "2026-11-27T20:00");
    expect(suggested).toEqual({ ...FIELDS, title: "", people: -1, held_at: "2026-11-27T20:00" });
    expect(suggestion(given, 300, habit, "2026-11-27T20:00").lecturer).toBe("王强");
  });

  it("leaves a plan as it is", () => {
    const habit = remembered(undefined, "acc_1", "org_1", FIELDS, 200);
    const planned = { ...given, plan: "pln_1" };
    expect(suggestion(planned, 100, habit, "2026-11-27T20:00")).toEqual(planned);
  });

  it("remembers each lecturer once, the last first", () => {
    const first = remembered(undefined, "acc_1", "org_1", FIELDS, 1);
    const second = remembered(first, "acc_1", "org_1", other({ lecturer: "王强" }), 2);
    const third = remembered(second, "acc_1", "org_1", FIELDS, 3);
    expect(third.lecturers.map(({ lecturer }) => lecturer)).toEqual(["李桂芳", "王强"]);
  });

  it("says the time of the installation's zone, in steps of five minutes", () => {
    const now = Date.UTC(2026, 10, 20, 16, 4, 59);
    expect(localNow(now, "Asia/Shanghai")).toBe("2026-11-21T00:00");
    expect(localNow(now, "Asia/Urumqi")).toBe("2026-11-20T22:00");
  });
});

describe("F1 small things", () => {
  it("makes ids as the server does: sorted by time, version 7", () => {
    const random = new Uint8Array(10).fill(0xff);
    expect(newId("hs", 0x0198_1234_5678, random)).toBe("hs_0198123456787fffbfffffffffffffff");
    expect(newId("pho", 5, new Uint8Array(10)) < newId("pho", 6, new Uint8Array(10))).toBe(true);
  });

  it("fits a photo into 1600 pixels and never makes it larger", () => {
    expect(fitted(4000, 3000)).toEqual({ width: 1600, height: 1200 });
    expect(fitted(3000, 4000)).toEqual({ width: 1200, height: 1600 });
    expect(fitted(800, 600)).toEqual({ width: 800, height: 600 });
    expect(fitted(20_000, 2)).toEqual({ width: 1600, height: 1 });
  });
});

describe("how long filling in took", () => {
  it("is told of the first save of a new record and of nothing else", () => {
    const first = save(item(), FIELDS, "op_1");
    expect(timed(first, 42).operations).toEqual([{ ...first.operations[0], took_s: 42 }]);
    expect(timed(first, undefined)).toBe(first);
    expect(timed({ ...first, seen: 1 }, 42).operations[0]?.took_s).toBeUndefined();
    const second = save(attempt(first), other({ people: 3 }), "op_2");
    expect(timed(second, 42)).toBe(second);
  });
});
