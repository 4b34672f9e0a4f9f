import { inserted, once } from "./dom.ts";
import { getFragment, Refused } from "./http.ts";
import { text } from "./texts.ts";

/** Between two looks, and between tries while the connection is lost. */
const EVERY_MS = 10_000;
const LOST_MS = 5_000;

/** `[data-wall="ADDRESS"]` renews its `[data-wall-body]` for ever, says when it cannot, and keeps the screen awake. */
export function start(root: ParentNode): void {
  once<HTMLElement>(root, "[data-wall]", (wall) => {
    const body = wall.querySelector<HTMLElement>("[data-wall-body]");
    if (!body) return;
    const go = async (): Promise<void> => {
      const fine = await renew(wall, body);
      setTimeout(() => void go(), fine ? EVERY_MS : LOST_MS);
    };
    setTimeout(() => void go(), EVERY_MS);
    addEventListener("online", () => void renew(wall, body));
    stayAwake();
  });
}

async function renew(wall: HTMLElement, body: HTMLElement): Promise<boolean> {
  try {
    body.innerHTML = await getFragment(wall.dataset["wall"] ?? "");
    inserted(body);
    say(wall, "live", text("wall_live"));
    return true;
  } catch (error) {
    // Signed out or no longer allowed: the page itself knows what to say.
    if (error instanceof Refused && (error.status === 401 || error.status === 403)) location.reload();
    const at = body.querySelector<HTMLElement>("[data-at]")?.dataset["at"];
    const time = at ? new Date(at).toLocaleTimeString(document.documentElement.lang) : "–";
    say(wall, "lost", text("wall_lost", { time }));
    return false;
  }
}

function say(wall: HTMLElement, state: string, words: string): void {
  const place = wall.querySelector<HTMLElement>("[data-wall-state]");
  if (!place || (place.dataset["wallState"] === state && place.textContent === words)) return;
  place.dataset["wallState"] = state;
  place.textContent = words;
}

/** A lock ends when the page is hidden: ask again when it is back. Where there is none, the screen's own settings hold. */
function stayAwake(): void {
  const ask = (): void => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => undefined);
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}
