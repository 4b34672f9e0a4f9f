/** A note at a moment of the recording. */
export interface Note {
  at_ms: number;
  text: string;
}

/** What a reviewer wrote about one stay of a submission and has not sent. */
export interface Kept {
  notes: Note[];
  opinion: string;
  /** When it was written, in milliseconds since 1970. */
  written_ms: number;
  /** It was sent, and the server has not said yet that it took it. */
  sent: boolean;
}

const PREFIX = "kj:review:";
/** Nobody goes on with a review that lay so long; somebody else gave the verdict. */
export const OLD_MS = 60 * 24 * 3_600_000;

/** Whether there is anything to keep. */
export function isEmpty({ notes, opinion }: Pick<Kept, "notes" | "opinion">): boolean {
  return notes.length === 0 && opinion.trim() === "";
}

/** Reads what was stored; undefined when it is of another shape. */
export function parse(stored: string | null): Kept | undefined {
  try {
    const kept = JSON.parse(stored ?? "null") as Partial<Kept> | null;
    const isNote = (note: Partial<Note> | null) => typeof note?.at_ms === "number" && typeof note.text === "string";
    const good =
      Array.isArray(kept?.notes) &&
      kept.notes.every(isNote) &&
      typeof kept.opinion === "string" &&
      typeof kept.written_ms === "number";
    return good ? { ...(kept as Kept), sent: kept.sent === true } : undefined;
  } catch {
    return undefined;
  }
}

/** Unsent notes on this device. Storage may be full or forbidden: then nothing is kept. */
export const keptNotes = {
  read(key: string): Kept | undefined {
    try {
      return parse(localStorage.getItem(PREFIX + key));
    } catch {
      return undefined;
    }
  },
  keep(key: string, kept: Kept): void {
    try {
      if (isEmpty(kept)) localStorage.removeItem(PREFIX + key);
      else localStorage.setItem(PREFIX + key, JSON.stringify(kept));
    } catch {
      // What stands in the page is still there.
    }
  },
  /** Forgets what is old, and what was sent once the server said that it took it. */
  tidy(accepted: boolean, nowMs: number): void {
    try {
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(PREFIX)) continue;
        const kept = parse(localStorage.getItem(key));
        if (!kept || (accepted && kept.sent) || nowMs - kept.written_ms > OLD_MS) localStorage.removeItem(key);
      }
    } catch {
      // Nothing was kept either.
    }
  },
};
