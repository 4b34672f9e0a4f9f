import { icon, make } from "../dom.ts";
import { text } from "../texts.ts";
import { After } from "./after.ts";
import { conflictPanel } from "./conflict.ts";
import { HeldForm } from "./form.ts";
import { remembered, suggestion } from "./habit.ts";
import { newId, newOperation, randomBytes } from "./ids.ts";
import { lecturerField } from "./lecturer.ts";
import { List } from "./list.ts";
import type { Fields, Item } from "./model.ts";
import { localNow } from "./moment.ts";
import { Photos } from "./photos.ts";
import { begun, saved, settled, shown, timed, typed } from "./queue.ts";
import { Sender } from "./sender.ts";
import { announce, type Store } from "./store.ts";

const PAUSE_MS = 400;
const ITEM = /^#(hs_[0-9a-f]{32})$/;

/** The page with the form: everything typed is on the device first, and goes to the server from there. */
export class HeldPage {
  readonly #store: Store;
  readonly #form: HeldForm;
  readonly #account: string;
  readonly #given: Fields;
  readonly #photos: Photos | undefined;
  readonly #list: List;
  readonly #sender: Sender;
  readonly #after = new After();
  readonly #state = document.querySelector<HTMLElement>("[data-held-state]");
  #notice: HTMLElement | undefined;
  #panel: HTMLElement | undefined;
  /** The item in the form as it is when nothing was kept of it yet. */
  #item: Item;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Somebody typed since it was last kept. */
  #dirty = false;
  /** When the empty form was shown that is filled in now; none for a draft of before. */
  #began: number | undefined;

  constructor(store: Store, form: HTMLFormElement, outbox: HTMLElement) {
    this.#store = store;
    this.#form = new HeldForm(form);
    this.#account = form.dataset["account"] ?? "";
    this.#given = this.#form.read();
    this.#item = this.#fresh();
    this.#list = new List(store, this.#account, outbox);
    this.#sender = new Sender(store);
    const place = form.querySelector<HTMLElement>("[data-held-photos]");
    if (place) {
      this.#photos = new Photos(store, place, Number(form.dataset["mostPhotos"] ?? 9));
      this.#photos.onAdd = () => this.#keep(true);
    }
    form.before(this.#after.element);
    this.#after.about("");
    this.#listen(form);
  }

  #listen(form: HTMLFormElement): void {
    form.addEventListener("input", () => this.#soon());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) void this.#keep(false);
    });
    addEventListener("pagehide", () => void this.#keep(false));
    addEventListener("hashchange", () => void this.#openNamed());
    this.#list.onSend = () => void this.#sender.now();
    this.#list.onRead = ({ items, photos }, sending) => this.#after.read(items, photos, sending);
    this.#sender.onOutcome = (outcome) => this.#list.outcome(outcome);
    this.#after.onNext = () => void this.#next();
    this.#after.onEdit = (id) => void this.#open(id);
  }

  async begin(): Promise<void> {
    await this.#store.setWho(this.#account);
    await lecturerField(this.#form, this.#store, this.#account);
    if (!(await this.#openNamed())) await (this.#isNew() ? this.#beginNew() : this.#beginEdit());
    await this.#list.read();
    await this.#sender.now();
  }

  #isNew(): boolean {
    return this.#form.form.dataset["new"] === "true";
  }

  #fresh(): Item {
    const now = Date.now();
    return begun(newId("hs", now, randomBytes(10)), this.#account, this.#form.value("organisation"), now);
  }

  /** Opens the item that the address names, if this device has it. */
  async #openNamed(): Promise<boolean> {
    const id = ITEM.exec(location.hash)?.[1];
    return id ? this.#open(id) : false;
  }

  /** A new form, or the draft that was left behind. A link that suggests something particular begins anew. */
  async #beginNew(): Promise<void> {
    const { items } = await this.#store.everything(this.#account);
    const drafts = items.filter((item) => item.draft && !item.halt && item.seen === 0 && item.operations.length === 0);
    const draft = drafts.sort((a, b) => b.changed_at - a.changed_at)[0];
    const typed = this.#form.typed();
    if (!draft || location.search || typed.size > 0) return this.#next(true);
    await this.#open(draft.id);
    this.#tell(text("held_draft_restored"), text("held_draft_other"), () => void this.#next());
  }

  async #beginEdit(): Promise<void> {
    const { id = "", basedOn = "0" } = this.#form.form.dataset;
    const known = await this.#store.item(id);
    if (known?.account === this.#account && (known.draft || known.operations.length > 0 || known.halt)) {
      await this.#open(id);
      return this.#tell(text("held_edit_kept"));
    }
    const now = { seen: Number(basedOn), base: this.#given };
    this.#item = { ...begun(id, this.#account, this.#form.value("organisation"), Date.now()), ...now };
    // What this device remembers of it may be older than this page.
    await this.#store.update(id, (there) => there && { ...there, ...now });
    await this.#photos?.show(id, this.#account);
  }

  /** An empty form, filled in from what stays the same. The `first` of a page may have been begun before the script came. */
  async #next(first = false): Promise<void> {
    // What corrects a record or carries out a plan does so once.
    if (!this.#isNew() || (this.#given.plan && !first)) return location.assign("/held-sessions/new");
    await this.#keep(false);
    if (location.hash) history.replaceState(null, "", location.pathname + location.search);
    this.#item = this.#fresh();
    const { made = "0", zone = "UTC" } = this.#form.form.dataset;
    const habit = await this.#store.habit(this.#account);
    if (habit && habit.at > Number(made)) this.#form.set("organisation", habit.organisation);
    const typed = first ? this.#form.typed() : new Set<never>();
    this.#form.fill(suggestion(this.#given, Number(made), habit, localNow(Date.now(), zone)), typed);
    if (!first) this.#form.set("reason", "");
    await this.#stage();
    this.#say("");
    this.#began = Date.now();
    if (typed.size > 0) this.#soon();
  }

  /** Shows an item of this device. */
  async #open(id: string): Promise<boolean> {
    const item = await this.#store.item(id);
    const said = item && shown(item);
    if (!item || !said || item.account !== this.#account) return false;
    this.#item = item;
    this.#began = undefined;
    this.#form.set("organisation", item.organisation);
    this.#form.fill(said.fields);
    this.#form.set("reason", said.reason);
    await this.#stage();
    if (item.halt?.kind === "refused") this.#refusal(item.halt.detail, item.halt.faults);
    if (item.halt?.kind === "conflict") this.#ask(item, said.fields, said.reason);
    return true;
  }

  /** The form in front, without whatever stood there before. */
  async #stage(): Promise<void> {
    this.#after.about("");
    this.#notice?.remove();
    this.#panel?.remove();
    this.#list.open = this.#item.id;
    this.#form.form.hidden = false;
    this.#form.show([]);
    this.#dirty = false;
    await this.#photos?.show(this.#item.id, this.#account);
    await this.#list.read();
    scrollTo({ top: 0 });
  }

  #refusal(detail: string, faults: Parameters<HeldForm["show"]>[0]): void {
    this.#tell(detail);
    this.#notice?.classList.replace("notice-warn", "notice-error");
    this.#form.show(faults);
  }

  #ask(item: Item, mine: Fields, reason: string): void {
    this.#panel = conflictPanel(item, mine, this.#form, (fields) => {
      const settle = (known: Item | undefined) => settled(known ?? item, fields, reason, newOperation(), Date.now());
      void this.#store.update(item.id, settle).then(() => this.#sent(item.id));
    });
    if (!this.#panel) return;
    this.#form.form.before(this.#panel);
    this.#form.form.hidden = true;
    this.#panel.focus();
  }

  #soon(): void {
    this.#dirty = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#keep(false), PAUSE_MS);
  }

  /** Keeps what is typed as a draft; `always` also when nothing was typed yet. */
  async #keep(always: boolean): Promise<void> {
    clearTimeout(this.#timer);
    if (!(this.#dirty || always)) return;
    this.#dirty = false;
    const { id } = this.#item;
    const [organisation, fields, reason] = this.#read();
    try {
      await this.#store.update(id, (known) => typed(known ?? this.#item, organisation, fields, reason, Date.now()));
      this.#say(text("held_draft_kept"), "saved");
      announce();
    } catch {
      this.#say(text("held_device_full"), "conflict");
    }
  }

  #read(): [organisation: string, fields: Fields, reason: string] {
    return [this.#form.value("organisation") || this.#item.organisation, this.#form.read(), this.#form.value("reason")];
  }

  async #save(): Promise<void> {
    const faults = this.#form.faults();
    this.#form.show(faults);
    if (faults.length > 0) return;
    clearTimeout(this.#timer);
    this.#dirty = false;
    const { id } = this.#item;
    const [organisation, fields, reason] = this.#read();
    const [operation, now] = [newOperation(), Date.now()];
    const took = this.#began === undefined ? undefined : Math.round((now - this.#began) / 1_000);
    try {
      await this.#store.save(
        id,
        (known) => timed(saved(known ?? this.#item, organisation, fields, reason, operation, now), took),
        (before) => remembered(before, this.#account, organisation, fields, now),
      );
    } catch {
      return this.#say(text("held_device_full"), "conflict");
    }
    // The browser is asked not to throw this away when the phone runs short of room.
    void navigator.storage?.persist?.();
    await this.#sent(id);
  }

  /** Steps back behind what became of it, and sends. */
  async #sent(id: string): Promise<void> {
    this.#panel?.remove();
    this.#notice?.remove();
    this.#form.form.hidden = true;
    this.#list.open = "";
    this.#say("");
    this.#after.about(id);
    announce();
    await this.#list.read();
    scrollTo({ top: 0 });
    this.#after.element.focus({ preventScroll: true });
    await this.#sender.now();
  }

  #tell(words: string, action = "", act: () => void = () => undefined): void {
    this.#notice?.remove();
    const button = make("button", { type: "button", class: "button button-small" }, action);
    button.addEventListener("click", act);
    const actions = action ? make("div", { class: "notice-actions" }, button) : null;
    const title = make("p", { class: "notice-title" }, words);
    this.#notice = make("div", { class: "notice notice-warn", role: "status" }, icon("info"), title, actions);
    this.#form.form.before(this.#notice);
  }

  #say(words: string, state = ""): void {
    if (!this.#state) return;
    this.#state.textContent = words;
    this.#state.dataset["state"] = state;
    this.#state.hidden = words === "";
  }
}
