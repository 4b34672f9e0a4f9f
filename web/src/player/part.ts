import { EVERYBODY, isIn, type Rate } from "./sample.ts";

/** What is sent; totals, so that a lost or repeated report changes nothing. */
export interface Report {
  token: string;
  seq: number;
  /** Played under this token in this period. */
  played_s: number;
  period?: number;
  /** Played under this token before it. */
  before_s?: number;
  /** Enough for a view was watched already, outside the sample. */
  viewed?: boolean;
}

/**
 * What was played under one token, period by period. Seconds belong to the period in which they were played: only then does each
 * count once, with the weight that held.
 */
export class Part {
  #rate: Rate | undefined;
  readonly #lot: number;
  readonly #token: string;
  #seq = 0;
  /** Totals of the player where this token, this period and what was not reported yet begin. */
  readonly #tokenFrom: number;
  #from: number;
  #reported: number;

  /** `lot` counts only where a rate is told; without a rate (a lesson) everybody reports. */
  constructor(token: string, total: number, rate: Rate | undefined = EVERYBODY, lot = 0) {
    this.#token = token;
    this.#tokenFrom = total;
    this.#from = total;
    this.#reported = total;
    this.#rate = rate;
    this.#lot = lot;
  }

  /** Waits until it is told how many report; what is played meanwhile belongs to the first period. */
  static waiting(token: string, total: number, lot: number): Part {
    const part = new Part(token, total, EVERYBODY, lot);
    part.#rate = undefined;
    return part;
  }

  get token(): string {
    return this.#token;
  }

  /** Whether this viewer reports. */
  get reports(): boolean {
    return this.#token !== "" && this.#rate !== undefined && isIn(this.#lot, this.#rate.one_in);
  }

  /** Whether others report in this viewer's place. */
  get isLeftOut(): boolean {
    return this.#rate !== undefined && !isIn(this.#lot, this.#rate.one_in);
  }

  /** The total at which the next report is due; the first one goes when there is enough for a view. */
  due(firstS: number): number {
    const first = this.#tokenFrom + firstS;
    return this.#reported < first ? first : this.#reported + (this.#rate?.interval_s ?? firstS);
  }

  /** Whether there is something to say. */
  hasNews(total: number): boolean {
    return this.reports && total - this.#reported >= 1;
  }

  /** Whether enough for a view was played under this token. */
  isEnough(total: number, firstS: number): boolean {
    return total - this.#tokenFrom >= firstS;
  }

  report(total: number, viewed: boolean): Report {
    this.#seq += 1;
    this.#reported = total;
    const before = Math.floor(this.#from - this.#tokenFrom);
    const report: Report = { token: this.#token, seq: this.#seq, played_s: Math.floor(total - this.#from) };
    if (this.#rate?.period) report.period = this.#rate.period;
    if (before > 0) report.before_s = before;
    if (viewed) report.viewed = true;
    return report;
  }

  /** Another rate; true when it begins a period, which everything from `total` on belongs to. */
  take(rate: Rate, total: number): void {
    const first = this.#rate === undefined;
    const same = this.#rate?.period === rate.period;
    this.#rate = rate;
    if (first || same) return;
    this.#from = total;
    this.#reported = total;
  }

  /** Whether `rate` ends the period at hand. */
  endsWith(rate: Rate): boolean {
    return this.#rate !== undefined && this.#rate.period !== rate.period;
  }
}
