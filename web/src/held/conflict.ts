import { icon, make } from "../dom.ts";
import { text } from "../texts.ts";
import type { HeldForm } from "./form.ts";
import { asked, compare, type Difference, merge, type Side } from "./merge.ts";
import type { FieldName, Fields, Item } from "./model.ts";

/**
 * Asks field by field whose words stand: mine or theirs. What only one of the two changed is chosen already; `settle` gets the
 * fields as they were chosen.
 */
export function conflictPanel(
  item: Item,
  mine: Fields,
  form: HeldForm,
  settle: (fields: Fields) => void,
): HTMLElement | undefined {
  if (item.halt?.kind !== "conflict") return undefined;
  const { theirs } = item.halt;
  const differences = compare(item.base, mine, theirs);
  const questions = asked(differences);
  const rows = questions.map((difference) => question(difference, form));
  const done = make("button", { class: "button button-primary button-wide" }, text("held_conflict_save"));
  const panel = make(
    "form",
    { class: "held-conflict", novalidate: true, tabindex: "-1", "aria-labelledby": "held-conflict-title" },
    make("h2", { id: "held-conflict-title" }, icon("git-merge"), text("held_conflict_title")),
    make("p", {}, text(questions.length > 0 ? "held_conflict_text" : "held_conflict_same")),
    questions.length > 1 ? shortcuts(rows) : null,
    ...rows,
    make("div", { class: "held-conflict-foot" }, done),
  );
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = choices(rows);
    const open = rows.find((row) => !chosen[row.dataset["field"] as FieldName]);
    if (open) return complain(open);
    const all = Object.fromEntries(differences.map(({ field, side }) => [field, side]).filter(([, side]) => side));
    settle(merge(mine, theirs, { ...all, ...chosen }));
  });
  return panel;
}

function question({ field, mine, theirs, side }: Difference, form: HeldForm): HTMLElement {
  const name = `held-side-${field}`;
  const option = (which: Side, value: Fields[FieldName]) =>
    make(
      "label",
      { class: "held-side" },
      make("input", { type: "radio", name, value: which, checked: side === which }),
      make("span", { class: "held-side-who" }, text(which === "mine" ? "held_mine" : "held_theirs")),
      make("span", { class: "held-side-said" }, form.say(field, value)),
    );
  const row = make("fieldset", { class: "field", "data-field": field }, make("legend", {}, form.label(field)));
  row.append(make("div", { class: "held-sides" }, option("mine", mine), option("theirs", theirs)));
  row.addEventListener("change", () => row.querySelector(".field-error")?.remove());
  return row;
}

function shortcuts(rows: readonly HTMLElement[]): HTMLElement {
  const all = (which: Side) => {
    const button = make(
      "button",
      { type: "button", class: "button" },
      text(which === "mine" ? "held_all_mine" : "held_all_theirs"),
    );
    button.addEventListener("click", () => {
      for (const row of rows) {
        const radio = row.querySelector<HTMLInputElement>(`input[value=${which}]`);
        if (radio) radio.checked = true;
        row.querySelector(".field-error")?.remove();
      }
    });
    return button;
  };
  return make("div", { class: "held-conflict-all" }, all("mine"), all("theirs"));
}

function choices(rows: readonly HTMLElement[]): Partial<Record<FieldName, Side>> {
  const pairs = rows.map((row) => {
    const side = row.querySelector<HTMLInputElement>("input:checked")?.value;
    return [row.dataset["field"], side];
  });
  return Object.fromEntries(pairs.filter(([, side]) => side));
}

function complain(row: HTMLElement): void {
  row.querySelector(".field-error")?.remove();
  row.append(make("p", { class: "field-error" }, icon("circle-alert"), make("span", {}, text("held_conflict_choose"))));
  row.querySelector("input")?.focus();
}
