import { getJson } from "../http.ts";
import { again, type Transport } from "./transport.ts";

/** How many batches back somebody reads who just came, or was away. */
const BACK = 10;
const DEFAULT_MS = 2000;

/** The batches to fetch when `current` is the newest and `seen` was the last one read. */
export function missing(seen: number | undefined, current: number): number[] {
  const from = Math.max(0, current - BACK + 1, (seen ?? -1) + 1);
  return Array.from({ length: Math.max(0, current - from + 1) }, (_, index) => from + index);
}

/** Files that caches hold, for more viewers than a server has sockets. The same addresses for everyone: no `after` in them. */
export const batches: Transport = (room, hooks) => {
  let seen: number | undefined;
  return again(async () => {
    const { n, every_ms } = await getJson<{ n: number; every_ms?: number }>(`${room.src}/batches/current.json`);
    hooks.opened();
    // A batch may be gone from the cache; the next one matters more.
    const read = (number: number) => getJson<unknown[]>(`${room.src}/batches/${number}.json`).catch(() => []);
    hooks.events((await Promise.all(missing(seen, n).map(read))).flat());
    seen = n;
    const every = every_ms && every_ms >= 500 ? every_ms : DEFAULT_MS;
    // Not all at the same moment.
    return every * (0.9 + 0.2 * Math.random());
  }, hooks.lost);
};
