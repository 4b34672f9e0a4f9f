import { Refused, request, sendJson } from "../http.ts";
import type { Rules } from "../room/events.ts";
import { text } from "../texts.ts";
import { toast } from "../toast.ts";

/** The rules a host sets; the line is the server's choice. */
export type Wish = Omit<Rules, "transport" | "claps_one_in">;

/** What a moderator asks of the server. Each gives true when it was done, and says why when it was not. */
export class Api {
  readonly #src: string;

  constructor(src: string) {
    this.#src = src;
  }

  approve(message: string): Promise<boolean> {
    return this.#do("POST", `messages/${encodeURIComponent(message)}/approval`);
  }

  remove(message: string): Promise<boolean> {
    return this.#do("DELETE", `messages/${encodeURIComponent(message)}`);
  }

  /** Keeps the author of a message quiet; `null` minutes: for good. */
  ban(message: string, minutes: number | null): Promise<boolean> {
    return this.#do("POST", "bans", { message, minutes });
  }

  clear(): Promise<boolean> {
    return this.#do("POST", "clearing");
  }

  rule(wish: Wish): Promise<boolean> {
    return this.#do("PUT", "rules", wish);
  }

  show(question: string): Promise<boolean> {
    return this.#do("POST", `questions/${encodeURIComponent(question)}/approval`);
  }

  answeredAloud(question: string): Promise<boolean> {
    return this.#do("POST", `questions/${encodeURIComponent(question)}/answer`, { aloud: true });
  }

  answer(question: string, words: string): Promise<boolean> {
    return this.#do("POST", `questions/${encodeURIComponent(question)}/answer`, { text: words });
  }

  merge(question: string, into: string): Promise<boolean> {
    return this.#do("POST", `questions/${encodeURIComponent(question)}/merge`, { into });
  }

  removeQuestion(question: string): Promise<boolean> {
    return this.#do("DELETE", `questions/${encodeURIComponent(question)}`);
  }

  async #do(method: string, path: string, body?: unknown): Promise<boolean> {
    const url = `${this.#src}/${path}`;
    try {
      await (body === undefined ? request(url, { method }) : sendJson(url, method, body));
      return true;
    } catch (error) {
      // Somebody else was quicker: what was wanted is so.
      if (error instanceof Refused && error.status === 404) return true;
      toast(error instanceof Refused ? error.message : text("board_failed"));
      return false;
    }
  }
}
