type Child = Node | string | null | undefined;
type Attributes = Record<string, string | boolean>;

/** Makes an element; `true` writes an empty attribute, `false` none. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** Address of the sprite: `<html data-icons>`, else that of any icon the server drew. */
function sprite(): string {
  const named = document.documentElement.dataset["icons"];
  if (named) return named;
  const drawn = document.querySelector<SVGUseElement>("svg.icon use")?.getAttribute("href") ?? "";
  return drawn.slice(0, drawn.indexOf("#"));
}

/** One icon of the sprite, hidden from readers: the button around it carries the name. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite()}#${name}`);
  svg.append(use);
  return svg;
}

/** A square button with an icon and a name for readers and the tooltip. */
export function iconButton(name: string, label: string): HTMLButtonElement {
  return make("button", { type: "button", class: "button button-icon", "aria-label": label, title: label }, icon(name));
}

/** Whether typing goes into `target`, so that single-key shortcuts keep quiet. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input:not([type=range]), textarea, select, [contenteditable]") !== null
  );
}

/** Runs `start` once for each element, however often the page is searched. */
export function once<E extends Element>(root: ParentNode, selector: string, start: (element: E) => void): void {
  for (const element of root.querySelectorAll<E>(selector)) {
    if (started.has(element)) continue;
    started.add(element);
    start(element);
  }
}

const started = new WeakSet<Element>();

/** Tells main.ts that new markup stands in the page. */
export function inserted(element: Element): void {
  element.dispatchEvent(new CustomEvent("kj:inserted", { bubbles: true }));
}
