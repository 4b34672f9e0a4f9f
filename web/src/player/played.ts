/** One look at the player. */
export interface Sample {
  /** Position in the media, seconds. */
  mediaS: number;
  /** A clock that never jumps, milliseconds. */
  wallMs: number;
  rate: number;
  /** Neither paused, nor seeking, nor waiting for data. */
  playing: boolean;
}

/** Media may run a little ahead of the clock between two looks (rounding of `currentTime`). */
const SLACK_S = 0.25;

/**
 * Adds up the seconds a person really watched, measured on the clock and not in the media: a minute at double speed is
 * half a minute. A jump in the media counts nothing.
 */
export class PlayedSeconds {
  #total = 0;
  #last: Sample | undefined;

  get total(): number {
    return this.#total;
  }

  /** Takes the next look; gives the total so far, in seconds. */
  note(sample: Sample): number {
    const last = this.#last;
    this.#last = sample;
    if (!last?.playing) return this.#total;
    const wall = (sample.wallMs - last.wallMs) / 1000;
    const media = (sample.mediaS - last.mediaS) / Math.max(0.1, last.rate);
    if (media > 0 && wall > 0 && media <= wall + SLACK_S) this.#total += Math.min(media, wall);
    return this.#total;
  }
}

/** Seconds of play after which the first report goes out: 30, or half of a shorter video. */
export function firstReportAfter(durationS: number): number {
  return Number.isFinite(durationS) && durationS > 0 ? Math.min(30, durationS / 2) : 30;
}
