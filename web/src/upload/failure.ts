import type { TextKey } from "../texts.ts";

/** What a failed upload request means for the person, and whether trying again by itself makes sense. */
export interface Failure {
  key: TextKey;
  /** Worth repeating without being asked. */
  again: boolean;
}

/** Reads an answer's status; `0` stands for no answer at all. */
export function failureOf(status: number): Failure {
  if (status === 0) return { key: "upload_offline", again: true };
  if (status === 401 || status === 403) return { key: "upload_signed_out", again: false };
  if (status === 413) return { key: "upload_too_large", again: false };
  // 409: another writer moved the offset; 423: it holds the lock. A lock goes when its owner does.
  if (status === 409 || status === 423) return { key: "upload_conflict", again: true };
  if (status === 404 || status === 410) return { key: "upload_expired", again: false };
  if (status === 507) return { key: "upload_disk_full", again: false };
  if (status === 429 || status >= 500) return { key: "upload_server_busy", again: true };
  return { key: "upload_refused", again: false };
}
