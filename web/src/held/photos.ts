import { icon, iconButton, make } from "../dom.ts";
import { text } from "../texts.ts";
import { newId, randomBytes } from "./ids.ts";
import type { Photo } from "./model.ts";
import { redrawn } from "./photo.ts";
import { announce, type Store } from "./store.ts";

/** Photos of one item: added from the camera or the album, shown small, removed by a tap. */
export class Photos {
  readonly #store: Store;
  readonly #place: HTMLElement;
  readonly #most: number;
  readonly #shelf = make("ul", { class: "held-photos" });
  readonly #said = make("p", { class: "field-help", role: "status" });
  readonly #adders: HTMLInputElement[];
  #item = "";
  #account = "";
  #urls: string[] = [];
  /** Called before the first photo is kept: the item must be there. */
  onAdd: () => Promise<void> = () => Promise.resolve();

  constructor(store: Store, place: HTMLElement, most: number) {
    this.#store = store;
    this.#place = place;
    this.#most = most;
    const camera = make("input", { type: "file", accept: "image/*", capture: "environment", class: "visually-hidden" });
    const album = make("input", {
      type: "file",
      accept: "image/*",
      multiple: true,
      class: "visually-hidden",
      id: "photos",
    });
    this.#adders = [camera, album];
    const label = (input: HTMLInputElement, name: string, words: string) =>
      make("label", { class: "button held-photo-add" }, input, icon(name), words);
    place.querySelector("input[type=file]")?.remove();
    place.append(
      this.#shelf,
      make(
        "div",
        { class: "held-photo-adders" },
        label(camera, "camera", text("held_camera")),
        label(album, "image", text("held_album")),
      ),
      this.#said,
    );
    for (const input of this.#adders) input.addEventListener("change", () => void this.#add(input));
  }

  async show(item: string, account: string): Promise<void> {
    this.#item = item;
    this.#account = account;
    this.#draw(await this.#store.photos(item));
  }

  #draw(photos: readonly Photo[]): void {
    for (const url of this.#urls) URL.revokeObjectURL(url);
    this.#urls = photos.map((photo) => URL.createObjectURL(new Blob([photo.bytes], { type: "image/jpeg" })));
    this.#shelf.replaceChildren(...photos.map((photo, n) => this.#one(photo, n)));
    this.#shelf.hidden = photos.length === 0;
    const full = photos.length >= this.#most;
    for (const input of this.#adders) {
      input.disabled = full;
      input.parentElement?.toggleAttribute("data-disabled", full);
    }
    this.#said.textContent = photos.length > 0 ? text("held_photos_count", { n: photos.length, most: this.#most }) : "";
  }

  #one(photo: Photo, n: number): HTMLElement {
    const remove = iconButton("x", text("held_photo_remove", { n: n + 1 }));
    remove.addEventListener("click", () => {
      void this.#store.removePhoto(photo.id).then(async () => {
        announce();
        await this.show(this.#item, this.#account);
        this.#place.querySelector<HTMLElement>(".held-photos button, input")?.focus();
      });
    });
    const image = make("img", { src: this.#urls[n] ?? "", alt: text("held_photo_alt", { n: n + 1 }) });
    const refused = photo.refused ? make("p", { class: "field-error" }, photo.refused) : null;
    return make("li", {}, image, remove, refused);
  }

  async #add(input: HTMLInputElement): Promise<void> {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length === 0) return;
    await this.onAdd();
    let room = this.#most - (await this.#store.photos(this.#item)).length;
    const unread: string[] = [];
    for (const file of files) {
      if (room <= 0) break;
      this.#said.textContent = text("held_photo_working");
      try {
        await this.#keep(await redrawn(file));
        room -= 1;
      } catch (error) {
        unread.push(
          error instanceof DOMException && error.name === "QuotaExceededError"
            ? text("held_device_full")
            : text("held_photo_unread", { name: file.name }),
        );
      }
    }
    await this.show(this.#item, this.#account);
    if (unread.length > 0) this.#said.textContent = unread.join(" ");
    announce();
  }

  #keep(bytes: ArrayBuffer): Promise<void> {
    const now = Date.now();
    const photo = { id: newId("pho", now, randomBytes(10)), item: this.#item, account: this.#account, bytes };
    return this.#store.addPhoto({ ...photo, saved: false, added_at: now, refused: "" });
  }
}
