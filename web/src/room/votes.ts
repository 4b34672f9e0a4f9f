/** Questions this browser voted for: the events of a room are the same for everyone and cannot say it. */
export class Votes {
  readonly #key: string;
  readonly #ids: Set<string>;

  constructor(room: string) {
    this.#key = `kj:votes:${room}`;
    this.#ids = new Set(this.#stored());
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  set(id: string, voted: boolean): void {
    if (voted) this.#ids.add(id);
    else this.#ids.delete(id);
    try {
      localStorage.setItem(this.#key, JSON.stringify([...this.#ids]));
    } catch {
      // The server counts once whatever we remember.
    }
  }

  #stored(): string[] {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? "[]") as string[];
    } catch {
      return [];
    }
  }
}
