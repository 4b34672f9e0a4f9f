import { Refused } from "../http.ts";
import { backoffMs } from "./ladder.ts";
import { uuid } from "./uuid.ts";

/** Something said and not yet taken by the server. The same `client_id` is sent until it is: the server takes it once. */
export interface Draft {
  client_id: string;
  text: string;
  danmaku: boolean;
}

/** What the server says of a draft. */
export interface Taken {
  seq: number | null;
  state: "shown" | "waiting";
}

export interface Letters {
  post(draft: Draft): Promise<Taken>;
  taken(draft: Draft, answer: Taken): void;
  /** Will not be sent again by itself; the words go back to their writer. */
  refused(draft: Draft, refusal: Refused): void;
}

/** Whether asking again may help: the line failed, or the server is not itself. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof Refused) || error.status >= 500 || error.status === 408;
}

/** Sends in order, one at a time, and through outages of the line and reloads of the page. */
export class Outbox {
  readonly #key: string;
  readonly #letters: Letters;
  readonly #random: () => number;
  #drafts: Draft[];
  #sending = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(key: string, letters: Letters, random: () => number = Math.random) {
    this.#key = `kj:outbox:${key}`;
    this.#letters = letters;
    this.#random = random;
    this.#drafts = this.#stored();
  }

  get drafts(): readonly Draft[] {
    return this.#drafts;
  }

  send(text: string, danmaku: boolean): Draft {
    const draft = { client_id: uuid(), text, danmaku };
    this.#drafts.push(draft);
    this.#store();
    void this.flush();
    return draft;
  }

  /** Tries now; also called when the line is back. */
  async flush(): Promise<void> {
    const draft = this.#drafts[0];
    if (!draft || this.#sending) return;
    clearTimeout(this.#timer);
    this.#sending = true;
    try {
      const answer = await this.#letters.post(draft);
      this.#done();
      this.#letters.taken(draft, answer);
    } catch (error) {
      if (isPassing(error)) {
        this.#timer = setTimeout(() => void this.flush(), backoffMs(this.#attempt, this.#random()));
        this.#attempt += 1;
        this.#sending = false;
        return;
      }
      this.#done();
      this.#letters.refused(draft, error as Refused);
    }
    this.#sending = false;
    void this.flush();
  }

  #done(): void {
    this.#drafts.shift();
    this.#attempt = 0;
    this.#store();
  }

  #stored(): Draft[] {
    try {
      return JSON.parse(sessionStorage.getItem(this.#key) ?? "[]") as Draft[];
    } catch {
      return [];
    }
  }

  #store(): void {
    try {
      if (this.#drafts.length > 0) sessionStorage.setItem(this.#key, JSON.stringify(this.#drafts));
      else sessionStorage.removeItem(this.#key);
    } catch {
      // Forbidden in private windows; a reload loses what was on its way, nothing else.
    }
  }
}
