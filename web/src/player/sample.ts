/** How many viewers of a broadcast report; the same for everybody, in the broadcast's state. */
export interface Rate {
  /** Reports name it. */
  period: number;
  /** Viewers whose lot × this is below 2³² report, each for so many. */
  one_in: number;
  interval_s: number;
}

/** Of a lesson, and of a broadcast before anything else was said: everybody reports. */
export const EVERYBODY: Rate = { period: 0, one_in: 1, interval_s: 30 };

/**
 * The lot of a viewer in a broadcast, 0 to 2³²−1: FNV-1a over `seed:broadcast` with murmur's finish, as the server reckons it
 * (`watching::rules::sampling`). The seed is the server's, so nobody chooses a lot.
 */
export function lotOf(seed: string, broadcast: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}:${broadcast}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export function isIn(lot: number, oneIn: number): boolean {
  return lot * oneIn < 2 ** 32;
}
