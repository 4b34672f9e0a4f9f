import { icon, make } from "../dom.ts";
import { text } from "../texts.ts";
import { FIELDS, type Fault, type FieldName, type Fields } from "./model.ts";

const NUMBERS: ReadonlySet<string> = new Set(["minutes", "people"]);
const NULLABLE: ReadonlySet<string> = new Set(["lecturer_id", "campaign", "plan"]);

/** The form of a held session as the server drew it: reads it, fills it in, and shows what is wrong at the fields. */
export class HeldForm {
  readonly form: HTMLFormElement;

  constructor(form: HTMLFormElement) {
    this.form = form;
    // A radio button cannot be taken back by itself; here a second tap does.
    form.addEventListener("click", (event) => {
      const input = event.target instanceof HTMLInputElement && event.target.type === "radio" ? event.target : null;
      if (!input) return;
      if (input.dataset["chosen"] === "") {
        input.checked = false;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
      this.#noteChosen();
    });
    form.addEventListener("click", (event) => {
      const button =
        event.target instanceof Element ? event.target.closest<HTMLElement>("[data-step], [data-set]") : null;
      if (button) this.#press(button);
    });
    form.addEventListener("input", (event) => this.#forgive(event.target));
    this.#noteChosen();
  }

  control(name: string): Element | RadioNodeList | null {
    return this.form.elements.namedItem(name);
  }

  value(name: string): string {
    const control = this.control(name);
    return control && "value" in control ? String(control.value) : "";
  }

  set(name: string, value: string | number | null): void {
    const control = this.control(name);
    const said = value === null ? "" : String(value);
    if (control instanceof RadioNodeList) {
      for (const one of control) if (one instanceof HTMLInputElement) one.checked = one.value === said;
    } else if (control && "value" in control) control.value = said;
  }

  read(): Fields {
    const entries = FIELDS.map((name) => {
      const value = this.value(name);
      if (NUMBERS.has(name)) return [name, value === "" ? -1 : Math.trunc(Number(value))];
      return [name, NULLABLE.has(name) ? value || null : value];
    });
    return Object.fromEntries(entries) as unknown as Fields;
  }

  /** Writes `fields` into the form, but for those named in `typed`. */
  fill(fields: Fields, typed: ReadonlySet<FieldName> = new Set()): void {
    for (const name of FIELDS) {
      if (!typed.has(name)) this.set(name, NUMBERS.has(name) && fields[name] === -1 ? "" : fields[name]);
    }
    this.#noteChosen();
  }

  /** Fields that say something else than the page said: on a slow line people type before the script has come. */
  typed(): Set<FieldName> {
    return new Set(FIELDS.filter((name) => differs(this.control(name))));
  }

  /** The words beside a field. */
  label(name: string): string {
    const legend = this.form.querySelector(`[data-field="${name}"] legend`);
    const label = legend ?? this.form.querySelector(`label[for="${name}"]`);
    const words = label?.cloneNode(true) as Element | undefined;
    words?.querySelector(".field-optional")?.remove();
    return words?.textContent?.trim() || name;
  }

  /** A value as people read it. */
  say(name: FieldName, value: Fields[FieldName]): string {
    if (value === null || value === "" || value === -1) return text("held_nothing");
    const control = this.control(name);
    const code = String(value);
    if (control instanceof HTMLSelectElement)
      return [...control.options].find((one) => one.value === code)?.text ?? code;
    if (control instanceof RadioNodeList) {
      const chosen = [...control].find((one) => one instanceof HTMLInputElement && one.value === code);
      return (chosen as HTMLInputElement | undefined)?.labels?.[0]?.textContent?.trim() ?? code;
    }
    return name === "held_at" ? code.replace("T", " ") : code;
  }

  /** What can be seen to be wrong without asking the server. */
  faults(): Fault[] {
    const found: Fault[] = [];
    for (const name of FIELDS) {
      const control = this.control(name);
      if (!(control instanceof HTMLInputElement) || control.type === "hidden" || control.validity.valid) continue;
      const { valueMissing, badInput } = control.validity;
      const range = text("held_range", { least: control.min, most: control.max });
      found.push({ field: name, text: valueMissing && !badInput ? text("held_required") : range });
    }
    return found;
  }

  /** Shows faults at their fields and goes to the first; none clears them. */
  show(faults: readonly Fault[]): void {
    for (const old of this.form.querySelectorAll(".field-error, .error-summary")) old.remove();
    for (const invalid of this.form.querySelectorAll("[aria-invalid]")) invalid.removeAttribute("aria-invalid");
    const shown = faults.filter((fault) => this.#showOne(fault));
    // What belongs to no field that can be seen is said above.
    const rest = faults.filter((fault) => !shown.includes(fault));
    if (rest.length > 0) this.form.prepend(summary(rest.map(({ field, text }) => `${this.label(field)}：${text}`)));
    const first = this.form.querySelector<HTMLElement>(".error-summary, [aria-invalid]");
    first?.focus({ preventScroll: true });
    first?.closest(".field, .error-summary")?.scrollIntoView({ block: "center" });
  }

  #showOne({ field, text: words }: Fault): boolean {
    const place = this.form.querySelector(`[data-field="${CSS.escape(field)}"]`);
    if (!place) return false;
    const id = `${field}-error`;
    const error = make("p", { class: "field-error", id }, icon("circle-alert"), make("span", {}, words));
    const help = place.querySelector(":scope > .field-help");
    if (help) help.before(error);
    else place.append(error);
    const input = place.querySelector("input:not([type=hidden]), select, textarea");
    input?.setAttribute("aria-invalid", "true");
    input?.setAttribute("aria-describedby", id);
    return true;
  }

  /** A field that is being mended no longer complains. */
  #forgive(target: EventTarget | null): void {
    const place = target instanceof Element ? target.closest("[data-field]") : null;
    place?.querySelector(".field-error")?.remove();
    place?.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
  }

  #press(button: HTMLElement): void {
    const name = button.dataset["for"] ?? "";
    const input = this.control(name);
    if (!(input instanceof HTMLInputElement)) return;
    const stepped = Number(input.value || 0) + Number(button.dataset["step"] ?? 0);
    const wanted = button.dataset["set"] === undefined ? stepped : Number(button.dataset["set"]);
    const least = input.min === "" ? wanted : Number(input.min);
    const most = input.max === "" ? wanted : Number(input.max);
    input.value = String(Math.min(most, Math.max(least, wanted)));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #noteChosen(): void {
    for (const radio of this.form.querySelectorAll<HTMLInputElement>("input[type=radio]")) {
      if (radio.checked) radio.dataset["chosen"] = "";
      else delete radio.dataset["chosen"];
    }
  }
}

function differs(control: Element | RadioNodeList | null): boolean {
  if (control instanceof HTMLSelectElement) {
    const given = [...control.options].findIndex((option) => option.defaultSelected);
    return control.selectedIndex !== Math.max(0, given);
  }
  if (control instanceof RadioNodeList) {
    return [...control].some((one) => one instanceof HTMLInputElement && one.checked !== one.defaultChecked);
  }
  const isText = control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement;
  return isText && control.type !== "hidden" && control.value !== control.defaultValue;
}

function summary(lines: string[]): HTMLElement {
  const items = lines.map((line) => make("li", {}, line));
  const title = make("h2", {}, text("held_refused_title"));
  return make("div", { class: "error-summary", role: "alert", tabindex: "-1" }, title, make("ul", {}, ...items));
}
