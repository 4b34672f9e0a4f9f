import type { Fault, Fields, Item, Operation, Photo, Standing } from "./model.ts";

/** An item that was just begun. */
export function begun(id: string, account: string, organisation: string, now: number): Item {
  const nothing = { seen: 0, base: null, operations: [], draft: null, halt: null, saved_at: 0, sent_at: 0 };
  return { id, account, organisation, changed_at: now, ...nothing };
}

/** With what was typed, which is not to be sent yet. */
export function typed(item: Item, organisation: string, fields: Fields, reason: string, now: number): Item {
  return { ...item, organisation, draft: { fields, reason }, changed_at: now };
}

/**
 * With one more save. A save that was never tried gives way to it; one that was tried stays before it, because the server may
 * have it although its answer was lost.
 */
export function saved(item: Item, organisation: string, fields: Fields, reason: string, id: string, now: number): Item {
  const tried = item.operations.filter((operation) => operation.based_on !== null);
  const operations = [...tried, { id, organisation, fields, reason, based_on: null }];
  const saved_at = item.operations.length > 0 ? item.saved_at : now;
  return { ...item, organisation, operations, draft: null, halt: null, saved_at, changed_at: now };
}

/** With how long its latest save took; a correction tells nothing about filling in. */
export function timed(item: Item, took_s: number | undefined): Item {
  const last = item.operations.at(-1);
  if (took_s === undefined || !last || item.seen > 0 || item.operations.length > 1) return item;
  return { ...item, operations: [{ ...last, took_s }] };
}

/** The item with its first save ready to be tried, and that save. Keep it before trying. */
export function tried(item: Item): [Item, Operation] | undefined {
  const [first, ...rest] = item.operations;
  if (!first || item.halt) return undefined;
  const operation = { ...first, based_on: first.based_on ?? item.seen };
  return [{ ...item, operations: [operation, ...rest] }, operation];
}

/** Whether the first save is still the one that was tried: another tab may have been quicker. */
function isFirst(item: Item, operation: string): boolean {
  return item.operations[0]?.id === operation;
}

/** The server has it, as `version` that says `fields`. */
export function done(item: Item, operation: string, version: number, fields: Fields, now: number): Item {
  if (!isFirst(item, operation)) return item;
  return { ...item, operations: item.operations.slice(1), seen: version, base: fields, sent_at: now };
}

/** The server does not want it. A later save may be better; without one it goes back to its author. */
export function refused(item: Item, operation: string, detail: string, faults: Fault[]): Item {
  return halted(item, operation, { kind: "refused", detail, faults });
}

/** Somebody else was quicker. */
export function beaten(item: Item, operation: string, version: number, theirs: Fields): Item {
  return halted(item, operation, { kind: "conflict", version, theirs });
}

function halted(item: Item, operation: string, halt: NonNullable<Item["halt"]>): Item {
  const [first, ...later] = item.operations;
  if (!first || first.id !== operation) return item;
  if (later.length > 0) return { ...item, operations: later };
  // What is being typed is newer than what was sent.
  const draft = item.draft ?? { fields: first.fields, reason: first.reason };
  return { ...item, operations: [], draft, halt };
}

/** The conflict is settled: `fields` go upon what is there now. */
export function settled(item: Item, fields: Fields, reason: string, id: string, now: number): Item {
  if (item.halt?.kind !== "conflict") return item;
  const onto = { ...item, seen: item.halt.version, base: item.halt.theirs, operations: [] };
  return saved(onto, item.organisation, fields, reason, id, now);
}

/** What the form shows of it. */
export function shown(item: Item): { fields: Fields; reason: string } | undefined {
  const last = item.operations.at(-1);
  return item.draft ?? last ?? (item.base ? { fields: item.base, reason: "" } : undefined);
}

/** Photos that can go now: their item was saved and the server knows it. */
export function ready(item: Item, photos: readonly Photo[]): Photo[] {
  const mine = photos.filter((photo) => photo.item === item.id && photo.saved && photo.refused === "");
  return item.seen > 0 ? mine.sort((a, b) => a.added_at - b.added_at || (a.id < b.id ? -1 : 1)) : [];
}

/** Where it stands. */
export function standing(item: Item, photos: readonly Photo[], sending: string): Standing {
  const mine = photos.filter((photo) => photo.item === item.id && photo.saved);
  if (item.halt) return item.halt.kind;
  if (mine.some((photo) => photo.refused)) return "refused";
  if (item.operations.length > 0 || mine.length > 0) return sending === item.id ? "sending" : "waiting";
  return item.draft ? "draft" : "sent";
}

/** Items with something to send, the one that was saved first before the others. */
export function inOrder(items: readonly Item[], photos: readonly Photo[]): Item[] {
  const wanting = items.filter((item) => tried(item) || ready(item, photos).length > 0);
  return wanting.sort((a, b) => a.saved_at - b.saved_at || (a.id < b.id ? -1 : 1));
}

const FIRST_MS = 2_000;
const LONGEST_MS = 300_000;

/** How long to wait after `tries` failures: doubling, at most five minutes, and a little different on each phone. */
export function pauseMs(tries: number, random: number, retryAfterS = 0): number {
  const doubled = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, tries - 1));
  return Math.max(retryAfterS * 1_000, Math.round(doubled * (0.75 + random / 2)));
}

/** What an answer means for the queue. */
export type Meaning = "done" | "conflict" | "refused" | "sign-in" | "later" | "not-now";

/** `later`: this one did not work, others may. `not-now`: nothing will work for a while. */
export function meaning(status: number, code: string): Meaning {
  if (status >= 200 && status < 300) return "done";
  if (status === 401) return "sign-in";
  if (status === 408 || status === 425 || status === 429 || status === 503 || status === 507) return "not-now";
  if (status === 409 && code === "changed-meanwhile") return "conflict";
  return status >= 500 || status < 400 ? "later" : "refused";
}
