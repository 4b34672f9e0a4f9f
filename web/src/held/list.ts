import { ask } from "../dialogs.ts";
import { icon, iconButton, make } from "../dom.ts";
import { type TextKey, text } from "../texts.ts";
import type { Item, Photo, Standing } from "./model.ts";
import { shown, standing } from "./queue.ts";
import type { Outcome } from "./send.ts";
import { announce, CHANNEL, type Everything, type Store } from "./store.ts";

/** How the shared badges colour a standing. */
const LOOK: Record<Standing, string> = {
  draft: "draft",
  waiting: "waiting",
  sending: "running",
  sent: "ready",
  refused: "failed",
  conflict: "returned",
};
/** What needs its author stands first. */
const RANK: readonly Standing[] = ["refused", "conflict", "sending", "waiting", "draft", "sent"];
/** What has arrived stays in sight for so long. */
const KEPT_MS = 7 * 24 * 3_600_000;
const FORM = "/held-sessions/new";

interface Line {
  item: Item;
  photos: Photo[];
  standing: Standing;
}

/** What this device has, with its state; renews itself whatever page or worker changes it. */
export class List {
  readonly #store: Store;
  readonly #account: string;
  readonly #place: HTMLElement;
  readonly #box = make("details", { class: "held-outbox" });
  readonly #channel = new BroadcastChannel(CHANNEL);
  #sending = "";
  #outcome: Outcome | undefined;
  /** The item that is being filled in: it is in front of its author and need not be listed. */
  open = "";
  /** Called when "send now" is pressed. */
  onSend: () => void = () => undefined;
  /** Called with what is there, whenever it was read. */
  onRead: (everything: Everything, sending: string) => void = () => undefined;

  constructor(store: Store, account: string, place: HTMLElement) {
    this.#store = store;
    this.#account = account;
    this.#place = place;
    this.#box.open = place.dataset["heldOutbox"] === "open";
    this.#box.addEventListener("toggle", () => this.#box.toggleAttribute("data-asked", true));
    this.#channel.onmessage = (event: MessageEvent<{ sending: string }>) => {
      this.#sending = event.data.sending;
      void this.read();
    };
    for (const name of ["online", "offline"]) addEventListener(name, () => void this.read());
  }

  outcome(outcome: Outcome): void {
    this.#outcome = outcome;
    void this.read();
  }

  async read(): Promise<void> {
    const everything = await this.#store.everything(this.#account);
    this.onRead(everything, this.#sending);
    const lines = everything.items.map((item) => this.#line(item, everything.photos));
    await this.#tidy(lines);
    const others = lines.filter(({ item }) => item.id !== this.open);
    const allSent = others.every(({ standing }) => standing === "sent");
    // "Everything was sent" is not said while one is open that was not.
    this.#draw(allSent && others.length < lines.length ? [] : others);
  }

  #line(item: Item, all: readonly Photo[]): Line {
    const photos = all.filter((photo) => photo.item === item.id);
    return { item, photos, standing: standing(item, photos, this.#sending) };
  }

  /** What arrived long ago is the server's alone. */
  async #tidy(lines: readonly Line[]): Promise<void> {
    const old = lines.filter((line) => line.standing === "sent" && Date.now() - line.item.changed_at > KEPT_MS);
    for (const { item } of old) await this.#store.remove(item.id);
  }

  #draw(lines: Line[]): void {
    lines.sort((a, b) => RANK.indexOf(a.standing) - RANK.indexOf(b.standing) || b.item.changed_at - a.item.changed_at);
    if (lines.length === 0) return this.#box.remove();
    const unsent = lines.filter(({ standing }) => standing !== "sent" && standing !== "draft");
    const focused = this.#box.contains(document.activeElement) ? document.activeElement?.id : undefined;
    this.#box.dataset["standing"] = this.#mood(lines);
    const parts = [
      make("summary", {}, icon(this.#icon(lines)), make("span", { class: "grow" }, this.#headline(lines))),
      make("p", { class: "held-outbox-hint", role: "status" }, this.#hint(unsent.length)),
      make("ul", { class: "held-lines" }, ...lines.map((line) => this.#row(line))),
      this.#actions(unsent.length),
    ];
    this.#box.replaceChildren(...parts.filter((part) => part !== null));
    if (!this.#box.isConnected) this.#place.append(this.#box);
    if (focused) document.getElementById(focused)?.focus();
  }

  #mood(lines: readonly Line[]): Standing {
    return lines[0]?.standing ?? "sent";
  }

  #icon(lines: readonly Line[]): string {
    const mood = this.#mood(lines);
    if (mood === "refused" || mood === "conflict") return "triangle-alert";
    if (mood === "waiting" || mood === "sending") return this.#offline() ? "cloud-off" : "upload";
    return mood === "draft" ? "pencil" : "circle-check";
  }

  #offline(): boolean {
    return !navigator.onLine || this.#outcome?.offline === true;
  }

  #headline(lines: readonly Line[]): string {
    const count = (wanted: Standing[]) => lines.filter(({ standing }) => wanted.includes(standing)).length;
    const parts: [number, TextKey][] = [
      [count(["refused", "conflict"]), "held_count_attention"],
      [count(["waiting", "sending"]), "held_count_waiting"],
      [count(["draft"]), "held_count_drafts"],
    ];
    const said = parts.filter(([n]) => n > 0).map(([n, key]) => text(key, { n }));
    return said.length > 0 ? said.join(text("held_and")) : text("held_all_sent");
  }

  #hint(unsent: number): string {
    if (unsent === 0) return "";
    if (this.#outcome?.kind === "sign-in") return text("held_hint_sign_in");
    return text(this.#offline() ? "held_hint_offline" : "held_hint_online");
  }

  #actions(unsent: number): HTMLElement | null {
    if (unsent === 0) return null;
    if (this.#outcome?.kind === "sign-in") {
      return make(
        "p",
        {},
        make("a", { class: "button", href: `/sign-in?next=${encodeURIComponent(FORM)}` }, text("held_sign_in")),
      );
    }
    const send = make(
      "button",
      { type: "button", class: "button", id: "held-send" },
      icon("send"),
      text("held_send_now"),
    );
    send.addEventListener("click", () => this.onSend());
    return make("p", {}, send);
  }

  #row({ item, photos, standing }: Line): HTMLElement {
    const { fields } = shown(item) ?? {};
    const facts = [
      when(fields?.held_at),
      fields && fields.people >= 0 ? text("held_people", { n: fields.people }) : "",
    ];
    if (photos.length > 0) facts.push(text("held_photos_n", { n: photos.length }));
    const href = standing === "sent" ? `/held-sessions/${item.id}` : `${FORM}#${item.id}`;
    const badge = make("span", { class: "badge", "data-state": LOOK[standing] }, text(`held_is_${standing}`));
    const link = make(
      "a",
      { class: "held-line", href },
      make("span", { class: "held-line-head" }, make("b", {}, fields?.title || text("held_untitled")), badge),
      make("span", { class: "small quiet num" }, facts.filter(Boolean).join(" · ")),
      this.#trouble(item, photos),
    );
    return make("li", { "data-standing": standing, "data-item": item.id }, link, this.#remover(item, standing));
  }

  #trouble({ halt }: Item, photos: readonly Photo[]): HTMLElement | null {
    const refused = photos.find((photo) => photo.refused)?.refused;
    const words =
      halt?.kind === "conflict" ? text("held_conflict_short") : (halt?.faults[0]?.text ?? halt?.detail ?? refused);
    return words ? make("span", { class: "held-trouble small" }, words) : null;
  }

  /** What the server may have cannot be taken back here. */
  #remover(item: Item, standing: Standing): HTMLElement | null {
    const sent = item.seen > 0 || item.operations.some((operation) => operation.based_on !== null);
    if (standing === "sent" || standing === "sending" || (sent && !item.halt)) return null;
    const button = iconButton("trash-2", text("held_delete"));
    button.addEventListener("click", () => {
      void ask(text("held_delete_ask"), text("held_delete")).then(async (yes) => {
        if (yes) await this.#store.remove(item.id);
        announce();
      });
    });
    return button;
  }
}

/** `2026-11-20T19:30` in the words of the page, as it was typed: no zone is applied. */
function when(local: string | undefined): string {
  const at = new Date(`${local}Z`);
  if (Number.isNaN(at.getTime())) return "";
  const options = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" } as const;
  return at.toLocaleString(document.documentElement.lang, { ...options, timeZone: "UTC", hourCycle: "h23" });
}
