/** Nobody looks at the clock more exactly than this. */
const STEP_MIN = 5;

/** The moment `now` in `zone` as a field of a form says it, rounded down: `2026-11-20T19:30`. */
export function localNow(now: number, zone: string): string {
  const rounded = Math.floor(now / (STEP_MIN * 60_000)) * STEP_MIN * 60_000;
  const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" } as const;
  const format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone, hourCycle: "h23" });
  const part = Object.fromEntries(format.formatToParts(rounded).map(({ type, value }) => [type, value]));
  return `${part["year"]}-${part["month"]}-${part["day"]}T${part["hour"]}:${part["minute"]}`;
}
