import { getJson } from "../http.ts";
import { Heartbeat } from "./heartbeat.ts";
import { isIn, lotOf, type Rate } from "./sample.ts";

/** Where this browser keeps what its lots are reckoned from. */
const SEED_KEY = "kj-lot-seed";
/** A device that never had a seed asks within so long: a crowd does not come all at once. */
const SPREAD_MS = 30_000;
/** The same for one that knows that it is drawn. */
const SOON_MS = 3_000;
/** After a refusal it is tried again so much later. */
const AGAIN_MS = 60_000;

/** What `/live/ID/ticket` answers. */
interface Ticket {
  token: string | null;
  seed: string;
}

function keptSeed(): string {
  try {
    return localStorage.getItem(SEED_KEY) ?? "";
  } catch {
    return "";
  }
}

function keepSeed(seed: string): void {
  try {
    localStorage.setItem(SEED_KEY, seed);
  } catch {
    // It is asked for again on the next page.
  }
}

/**
 * Attributes of the player: `heartbeat` (where reports go), `token`, `lesson`; of a broadcast also `broadcast`, `seed` and `ticket`.
 *
 * Whether and how this viewer is counted. A page of its own brings a token; a page that is the same for everybody brings none, and
 * only who is drawn asks for one. What lots are reckoned from is asked for once in the life of a device.
 */
export class Counting {
  readonly #player: Element;
  readonly #video: HTMLVideoElement;
  #token: string;
  #seed: string;
  #rate: Rate | undefined;
  #heartbeat: Heartbeat | undefined;
  #playing = false;
  #asking: ReturnType<typeof setTimeout> | undefined;

  constructor(player: Element, video: HTMLVideoElement) {
    this.#player = player;
    this.#video = video;
    this.#token = this.#attribute("token");
    const seed = this.#attribute("seed");
    if (seed) keepSeed(seed);
    this.#seed = seed || keptSeed();
  }

  /** The picture runs. */
  start(): void {
    this.#playing = true;
    this.#go();
  }

  /** Another token after the old one ran out. */
  renew(token: string): void {
    this.#token = token;
    if (this.#heartbeat) this.#heartbeat.token = token;
    else this.#go();
  }

  /** How many viewers of the broadcast report. */
  set rate(rate: Rate) {
    this.#rate = rate;
    if (this.#heartbeat) this.#heartbeat.rate = rate;
    this.#go();
  }

  stop(): void {
    clearTimeout(this.#asking);
    this.#heartbeat?.stop();
  }

  #attribute(name: string): string {
    return this.#player.getAttribute(name) ?? "";
  }

  #go(): void {
    if (!this.#playing || !this.#attribute("heartbeat")) return;
    const isLive = this.#player.hasAttribute("broadcast");
    if (!this.#heartbeat && (this.#token || (isLive && this.#seed))) this.#heartbeat = this.#begin(isLive);
    if (!this.#token && this.#mustAsk() && this.#asking === undefined) {
      this.#askIn(Math.random() * (this.#seed ? SOON_MS : SPREAD_MS));
    }
  }

  #begin(isLive: boolean): Heartbeat {
    const viewer = { token: this.#token, url: this.#attribute("heartbeat"), lesson: this.#attribute("lesson") };
    return new Heartbeat(this.#video, isLive ? { ...viewer, live: { lot: this.#lot, rate: this.#rate } } : viewer);
  }

  get #lot(): number {
    return lotOf(this.#seed, this.#attribute("broadcast"));
  }

  #mustAsk(): boolean {
    if (!this.#attribute("ticket") || !this.#rate) return false;
    return this.#seed === "" || isIn(this.#lot, this.#rate.one_in);
  }

  #askIn(ms: number): void {
    this.#asking = setTimeout(() => void this.#ask(), ms);
  }

  async #ask(): Promise<void> {
    const ticket = await getJson<Ticket>(this.#attribute("ticket")).catch(() => undefined);
    if (!ticket) return this.#askIn(AGAIN_MS * (1 + Math.random()));
    // Robots get none, and are not asked again: the timer stays set.
    this.#token = ticket.token ?? "";
    keepSeed(ticket.seed);
    const changed = this.#seed !== ticket.seed;
    this.#seed = ticket.seed;
    if (this.#heartbeat && changed) {
      this.#heartbeat.stop();
      this.#heartbeat = undefined;
    }
    if (this.#heartbeat) this.#heartbeat.token = this.#token;
    this.#go();
  }
}
