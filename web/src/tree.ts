import { inserted, make, once } from "./dom.ts";
import { getFragment } from "./http.ts";
import { text } from "./texts.ts";

/** Branches of the tree: `<details data-children-url>` fetches its children (`<li>` fragments) when first opened. */
export function start(root: ParentNode): void {
  once<HTMLDetailsElement>(root, "details[data-children-url]", (branch) => {
    branch.addEventListener("toggle", () => {
      if (branch.open && !branch.dataset["state"]) void fetchChildren(branch);
    });
  });
}

async function fetchChildren(branch: HTMLDetailsElement): Promise<void> {
  const list = branch.querySelector("ul") ?? branch.appendChild(make("ul"));
  branch.dataset["state"] = "loading";
  list.replaceChildren(make("li", { class: "quiet small", role: "status" }, text("loading")));
  try {
    list.innerHTML = await getFragment(branch.dataset["childrenUrl"] ?? "");
    branch.dataset["state"] = "loaded";
    inserted(list);
  } catch {
    const again = make("button", { type: "button", class: "button button-small" }, text("retry"));
    again.addEventListener("click", () => void fetchChildren(branch));
    list.replaceChildren(make("li", { class: "quiet small" }, text("load_failed"), " ", again));
  }
}
