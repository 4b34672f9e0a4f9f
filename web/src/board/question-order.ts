import type { Question } from "../room/events.ts";
import { inOrder } from "../room/question-order.ts";

/** Those that nobody has read first, oldest first, then as the audience sees them. */
export function forBoard(questions: Iterable<Question>): Question[] {
  const all = [...questions];
  const waiting = all.filter(({ state }) => state === "waiting").sort((a, b) => a.at - b.at);
  return [...waiting, ...inOrder(all)];
}
