/** The fields of a held session, as the API names them. */
export interface Fields {
  title: string;
  held_at: string;
  minutes: number;
  lecturer: string;
  lecturer_id: string | null;
  lecturer_kind: string;
  form: string;
  venue_kind: string;
  topic: string;
  people: number;
  place: string;
  note: string;
  campaign: string | null;
  plan: string | null;
}

export type FieldName = keyof Fields;

/** The order in which a form and a comparison show them. */
export const FIELDS: readonly FieldName[] = [
  "title",
  "held_at",
  "minutes",
  "people",
  "lecturer",
  "lecturer_id",
  "lecturer_kind",
  "form",
  "venue_kind",
  "place",
  "topic",
  "note",
  "campaign",
  "plan",
];

/** One save on its way to the server. Once it was tried, its bytes never change: a repetition must say the same. */
export interface Operation {
  id: string;
  organisation: string;
  fields: Fields;
  reason: string;
  /** The version it goes upon; none until it is tried for the first time. */
  based_on: number | null;
  /** Seconds from the empty form to this save, where that is known. */
  took_s?: number;
}

/** A field that the server refused, in the reader's words. */
export interface Fault {
  field: string;
  text: string;
}

/** Why an item waits for its author. */
export type Halt =
  | { kind: "refused"; detail: string; faults: Fault[] }
  | { kind: "conflict"; version: number; theirs: Fields };

/** One held session on this device. */
export interface Item {
  id: string;
  account: string;
  organisation: string;
  /** The version that the server is known to have; 0: none yet. */
  seen: number;
  /** What that version says. */
  base: Fields | null;
  /** Saves in the order in which they were made. */
  operations: Operation[];
  /** What is typed and not saved. */
  draft: { fields: Fields; reason: string } | null;
  halt: Halt | null;
  /** When its first save was made, which gives its place in the queue; 0 before. */
  saved_at: number;
  changed_at: number;
  /** When the last of it arrived; 0 before. */
  sent_at: number;
}

/** A photo that has not arrived, in the form in which it will be sent. */
export interface Photo {
  id: string;
  item: string;
  account: string;
  bytes: ArrayBuffer;
  /** Its item was saved since it was added. */
  saved: boolean;
  added_at: number;
  /** Why the server does not want it; empty otherwise. */
  refused: string;
}

/** What an account filled in last on this device. */
export interface Habit {
  account: string;
  organisation: string;
  fields: Fields;
  at: number;
  /** Who spoke, the last first. */
  lecturers: Pick<Fields, "lecturer" | "lecturer_id" | "lecturer_kind">[];
}

export type Standing = "draft" | "waiting" | "sending" | "sent" | "refused" | "conflict";
