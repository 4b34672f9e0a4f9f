import { getJson } from "../http.ts";
import { isOver, nextPollMs, type State } from "./state.ts";

/** Asks for the state again and again, and hears it from the room when that is faster. */
export class StatePoll {
  readonly #url: string;
  readonly #tell: (state: State) => void;
  #last: State | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(url: string, tell: (state: State) => void) {
    this.#url = url;
    this.#tell = tell;
  }

  start(): void {
    document.addEventListener("kj:room-state", this.#heard);
    document.addEventListener("visibilitychange", this.#seen);
    void this.#ask();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    document.removeEventListener("kj:room-state", this.#heard);
    document.removeEventListener("visibilitychange", this.#seen);
  }

  readonly #heard = (event: Event): void => {
    const heard = (event as CustomEvent<State>).detail;
    // Who just came hears the history of the room first: older than what we know.
    if (this.#last && heard.now < this.#last.now) return;
    // What the room sends may leave out what is each viewer's own.
    this.#take({ ...this.#last, ...heard }, true);
  };

  /** A page that comes back to the front has slept through its timers. */
  readonly #seen = (): void => {
    if (!document.hidden) void this.#ask();
  };

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    const state = await getJson<State>(this.#url).catch(() => undefined);
    if (this.#stopped) return;
    if (state) this.#take(state, false);
    else this.#again(false);
  }

  #take(state: State, told: boolean): void {
    this.#last = state;
    this.#tell(state);
    if (!isOver(state)) this.#again(told);
    else clearTimeout(this.#timer);
  }

  #again(told: boolean): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), nextPollMs(this.#last, told, Math.random()));
  }
}
