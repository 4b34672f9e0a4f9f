const WINDOW_MS = 10_000;

/** Speed over the last ten seconds, so that the remaining time does not jump. */
export class Speed {
  #samples: { atMs: number; bytes: number }[] = [];

  /** Notes that `bytes` in total had been sent at `atMs`. */
  note(atMs: number, bytes: number): void {
    this.#samples.push({ atMs, bytes });
    while (this.#samples.length > 2 && atMs - (this.#samples[0]?.atMs ?? atMs) > WINDOW_MS) this.#samples.shift();
  }

  /** Bytes per second; 0 until two notes lie apart. */
  perSecond(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.atMs <= first.atMs) return 0;
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs));
  }

  /** Seconds until `left` more bytes are sent; undefined while the speed is unknown. */
  secondsFor(left: number): number | undefined {
    const speed = this.perSecond();
    return speed > 0 ? left / speed : undefined;
  }

  forget(): void {
    this.#samples = [];
  }
}
