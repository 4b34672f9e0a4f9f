import { inserted, once } from "./dom.ts";
import { getFragment, Refused } from "./http.ts";

/**
 * `[data-refresh-url]` fetches its own content again every `data-refresh-s` seconds, and when an event named in
 * `data-refresh-on` happens in the page. It rests while the page is hidden and stops when the answer no longer asks for it:
 * the fragment's first element may carry `data-refresh-stop`.
 */
export function startFragments(root: ParentNode): void {
  once<HTMLElement>(root, "[data-refresh-url]", (element) => {
    const every = Number(element.dataset["refreshS"]);
    const wanted = element.dataset["refreshOn"];
    if (wanted) document.addEventListener(wanted, () => void renew(element));
    if (every > 0) schedule(element, every * 1000);
  });
}

function schedule(element: HTMLElement, everyMs: number): void {
  const timer = setInterval(() => {
    if (!element.isConnected) return clearInterval(timer);
    if (document.hidden || element.contains(document.activeElement)) return;
    void renew(element).then((goOn) => {
      if (!goOn) clearInterval(timer);
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
