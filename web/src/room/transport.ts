/** A room as a line sees it. */
export interface Room {
  /** `/rooms/ID`. */
  src: string;
  /** Also what only moderators see. */
  board: boolean;
}

/** What a line tells; `lost` at most once, after which it is dead. */
export interface Hooks {
  /** Number of the newest event seen. */
  after(): number;
  opened(): void;
  events(batch: unknown): void;
  lost(): void;
}

/** Opens one line; gives back what closes it without a word. */
export type Transport = (room: Room, hooks: Hooks) => () => void;

/** Address of a part of the room, from the newest event on. */
export function addressOf(room: Room, part: string, after: number): string {
  return `${room.src}/${part}?after=${after}${room.board ? "&board=1" : ""}`;
}

/** Runs `look` at once and again after the time it gives, until it throws; then the line is lost. */
export function again(look: () => Promise<number>, lost: () => void): () => void {
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = async () => {
    try {
      const afterMs = await look();
      if (!closed) timer = setTimeout(() => void run(), afterMs);
    } catch {
      if (!closed) lost();
    }
  };
  void run();
  return () => {
    closed = true;
    clearTimeout(timer);
  };
}
