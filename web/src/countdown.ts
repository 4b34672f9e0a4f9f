import { once } from "./dom.ts";

/** Days, hours, minutes and seconds until `target`; all zero once it has passed. */
export function remaining(target: number, now: number): [number, number, number, number] {
  const seconds = Math.max(0, Math.ceil((target - now) / 1000));
  return [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
}

/** Keeps `[data-countdown="ISO time"]` going: its four `<b>` are days, hours, minutes, seconds. */
export function startCountdowns(root: ParentNode): void {
  once<HTMLElement>(root, "[data-countdown]", (element) => {
    const target = Date.parse(element.dataset["countdown"] ?? "");
    const places = element.querySelectorAll("b");
    const show = () => {
      const now = Date.now();
      remaining(target, now).forEach((value, index) => {
        const place = places[index];
        if (place) place.textContent = index === 0 ? String(value) : String(value).padStart(2, "0");
      });
      element.classList.toggle("countdown-urgent", target - now < 3_600_000);
      if (now >= target) {
        clearInterval(timer);
        element.dispatchEvent(new CustomEvent("kj:due", { bubbles: true }));
      }
    };
    const timer = setInterval(show, 1000);
    show();
  });
}
