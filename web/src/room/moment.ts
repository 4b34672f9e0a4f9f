/** The time of day of a moment, as people write it here: `19:31`. */
export function timeOfDay(ms: number): string {
  const at = new Date(ms);
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}
