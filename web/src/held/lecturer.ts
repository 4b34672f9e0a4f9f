import { make } from "../dom.ts";
import type { HeldForm } from "./form.ts";
import type { Store } from "./store.ts";

/** Somebody who may be chosen; `label` is what the list says. */
interface Known {
  label: string;
  lecturer: string;
  lecturer_id: string | null;
  lecturer_kind: string;
}

/**
 * Suggests who spoke before and whom the register knows nearby; whoever is chosen brings their id and kind along, and a new name
 * does not keep another's id. What is chosen from the register as "name · organisation" becomes the name alone.
 */
export async function lecturerField(form: HeldForm, store: Store, account: string): Promise<void> {
  const input = form.control("lecturer");
  if (!(input instanceof HTMLInputElement)) return;
  const given = {
    lecturer: form.value("lecturer"),
    lecturer_id: form.value("lecturer_id") || null,
    lecturer_kind: form.value("lecturer_kind"),
  };
  const remembered = (await store.habit(account))?.lecturers ?? [];
  const list = input.list ?? make("datalist", { id: "lecturers" });
  const options = [...list.querySelectorAll("option")];
  const there = new Set(options.map((option) => option.value));
  for (const { lecturer } of [given, ...remembered]) {
    if (lecturer && !there.has(lecturer)) list.append(make("option", { value: lecturer }));
    there.add(lecturer);
  }
  if (!list.isConnected) input.after(list);
  input.setAttribute("list", list.id);
  const known = [...options.map(registered), ...[...remembered, given].map((one) => ({ ...one, label: one.lecturer }))];
  input.addEventListener("input", () => {
    const typed = input.value.trim();
    const chosen = known.find((one) => one.label === typed);
    if (chosen && chosen.lecturer !== typed) input.value = chosen.lecturer;
    form.set("lecturer_id", chosen?.lecturer_id ?? "");
    if (chosen?.lecturer_kind) form.set("lecturer_kind", chosen.lecturer_kind);
  });
}

function registered(option: HTMLOptionElement): Known {
  const { id = "", name = "", kind = "" } = option.dataset;
  return { label: option.value, lecturer: name || option.value, lecturer_id: id || null, lecturer_kind: kind };
}
