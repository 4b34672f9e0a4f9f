import { inserted, once } from "./dom.ts";
import { getFragment, Refused } from "./http.ts";

/**
 * `[data-refresh-url]` fetches its own content again every `data-refresh-s` seconds, and when an event named in
 * `data-refresh-on` happens in the page. It rests while the page is hidden and stops when the answer no longer asks for it:
 * the fragment's first element may carry `data-refresh-stop`, or `data-refresh-go` with seconds to begin (again).
 */
export function startFragments(root: ParentNode): void {
  once<HTMLElement>(root, "[data-refresh-url]", (element) => {
    const every = Number(element.dataset["refreshS"]);
    const wanted = element.dataset["refreshOn"];
    if (wanted) document.addEventListener(wanted, () => void renew(element).then(() => goOn(element)));
    if (every > 0) schedule(element, every * 1000);
  });
}

/** Elements that renew themselves already. */
const ticking = new WeakSet<HTMLElement>();

function goOn(element: HTMLElement): void {
  const every = Number(element.querySelector<HTMLElement>("[data-refresh-go]")?.dataset["refreshGo"] ?? 0);
  if (every > 0) schedule(element, every * 1000);
}

function schedule(element: HTMLElement, everyMs: number): void {
  if (ticking.has(element)) return;
  ticking.add(element);
  const stop = () => {
    clearInterval(timer);
    ticking.delete(element);
  };
  const timer = setInterval(() => {
    if (!element.isConnected) return stop();
    if (document.hidden || element.contains(document.activeElement)) return;
    void renew(element).then((again) => {
      if (!again) stop();
    });
  }, everyMs);
}

/** Replaces the content; false when it need not be asked again. A network failure keeps the old content and goes on. */
async function renew(element: HTMLElement): Promise<boolean> {
  try {
    element.innerHTML = await getFragment(element.dataset["refreshUrl"] ?? "");
    inserted(element);
    return element.querySelector("[data-refresh-stop]") === null;
  } catch (error) {
    return !(error instanceof Refused && error.status < 500);
  }
}
