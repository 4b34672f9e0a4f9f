import type { Question } from "./events.ts";

/** What waits for an answer first, by votes and then by age; what is answered below, the last answer first. */
export function inOrder(questions: Iterable<Question>): Question[] {
  const shown = [...questions].filter(({ state }) => state === "shown" || state === "answered");
  const rank = ({ state }: Question) => (state === "answered" ? 1 : 0);
  return shown.sort((a, b) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    if (a.state === "answered") return (b.answered_at ?? 0) - (a.answered_at ?? 0);
    return b.votes - a.votes || a.at - b.at;
  });
}
