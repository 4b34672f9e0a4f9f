import { make } from "../dom.ts";
import type { HeldForm } from "./form.ts";
import type { Store } from "./store.ts";

/** Suggests who spoke before; whoever is chosen brings their kind along, and a new name does not keep another's id. */
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
  const there = new Set([...list.querySelectorAll("option")].map((option) => option.value));
  for (const { lecturer } of [given, ...remembered]) {
    if (lecturer && !there.has(lecturer)) list.append(make("option", { value: lecturer }));
    there.add(lecturer);
  }
  if (!list.isConnected) input.after(list);
  input.setAttribute("list", list.id);
  input.addEventListener("input", () => {
    const known = [...remembered, given].find((one) => one.lecturer === input.value.trim());
    form.set("lecturer_id", known?.lecturer_id ?? "");
    if (known?.lecturer_kind) form.set("lecturer_kind", known.lecturer_kind);
  });
}
