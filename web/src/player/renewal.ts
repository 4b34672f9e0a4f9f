import { type Address, renewed } from "./address.ts";

/** A refusal this soon after a renewal is final. */
const SETTLE_MS = 5000;

/** Asks for newly signed addresses, once for each outage. */
export class Renewal {
  readonly #player: Element;
  readonly #video: HTMLVideoElement;
  #busy = false;

  constructor(player: Element, video: HTMLVideoElement) {
    this.#player = player;
    this.#video = video;
  }

  get isBusy(): boolean {
    return this.#busy;
  }

  /** New addresses; undefined when the viewer may no longer watch, or nothing can be asked. */
  async ask(): Promise<Address | undefined> {
    this.#busy = true;
    const address = await renewed(this.#player);
    if (!address) {
      this.#busy = false;
      return undefined;
    }
    const done = () => {
      this.#busy = false;
    };
    this.#video.addEventListener("playing", done, { once: true });
    setTimeout(done, SETTLE_MS);
    return address;
  }
}
