import { getJson } from "../http.ts";
import type { Target } from "./transfer.ts";

/** An upload of this lesson and slot that the server holds unfinished, from this or another device. */
export interface Unfinished {
  url: string;
  offset: number;
  length: number;
  filename: string;
}

/** What became of a complete file. */
export interface Status {
  state: "checking" | "ready" | "refused";
  errors?: { rule: string; found: string; wanted: string; text: string }[];
  percent?: number;
}

const POLL_MS = 1500;

/** Unfinished uploads; undefined when the server cannot be asked now. */
export async function unfinished({ endpoint, lesson, slot, variant }: Target): Promise<Unfinished[] | undefined> {
  const query = new URLSearchParams({ lesson, slot, variant });
  return getJson<Unfinished[]>(`${endpoint}?${query}`).catch(() => undefined);
}

/** The one of `held` that `file` continues: same name, same size. */
export function continues(held: readonly Unfinished[], file: { name: string; size: number }): Unfinished | undefined {
  return held.find((upload) => upload.filename === file.name && upload.length === file.size);
}

/** Asks until the server has checked the file; tells `onProgress` each answer. Outages are waited out. */
export async function checked(
  url: string,
  onProgress: (status: Status) => void,
  signal: AbortSignal,
): Promise<Status | undefined> {
  while (!signal.aborted) {
    const status = await getJson<Status>(`${url}/status`, signal).catch(() => undefined);
    if (status) {
      onProgress(status);
      if (status.state !== "checking") return status;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return undefined;
}
