import type { Habit, Item, Photo } from "./model.ts";

const NAME = "kaijiang-held";
const VERSION = 1;

/** Tells every page and the worker of this origin that something changed here. */
export const CHANNEL = "kaijiang-held";

/** Everything that held sessions keep on this device. */
export interface Everything {
  items: Item[];
  photos: Photo[];
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("aborted", "AbortError"));
    transaction.onerror = () => reject(transaction.error);
  });
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    const database = request.result;
    database.createObjectStore("items", { keyPath: "id" }).createIndex("account", "account");
    const photos = database.createObjectStore("photos", { keyPath: "id" });
    photos.createIndex("account", "account");
    photos.createIndex("item", "item");
    database.createObjectStore("habits", { keyPath: "account" });
    database.createObjectStore("who", { keyPath: "key" });
  };
  return answer(request);
}

type Mode = "readonly" | "readwrite";
type StoreName = "items" | "photos" | "habits" | "who";

/**
 * The device's store. Each method is one transaction: it is on the disk when its promise comes back, or nothing of it is.
 *
 * Methods reject with `QuotaExceededError` when the device is full.
 */
export class Store {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
    // A newer page wants to change the layout: it must not wait for this one.
    database.onversionchange = () => database.close();
  }

  static async open(): Promise<Store> {
    return new Store(await open());
  }

  close(): void {
    this.#database.close();
  }

  async #within<T>(
    names: StoreName[],
    mode: Mode,
    work: (at: (name: StoreName) => IDBObjectStore) => Promise<T>,
  ): Promise<T> {
    // "strict" waits for the disk: an acknowledged record survives a flat battery.
    const transaction = this.#database.transaction(names, mode, { durability: "strict" });
    const end = finished(transaction);
    const result = await work((name) => transaction.objectStore(name)).catch((error: unknown) => {
      end.catch(() => undefined);
      throw error;
    });
    await end;
    return result;
  }

  /** What `account` has here. */
  everything(account: string): Promise<Everything> {
    return this.#within(["items", "photos"], "readonly", async (at) => {
      const items = answer<Item[]>(at("items").index("account").getAll(account));
      const photos = answer<Photo[]>(at("photos").index("account").getAll(account));
      return { items: await items, photos: await photos };
    });
  }

  item(id: string): Promise<Item | undefined> {
    return this.#within(["items"], "readonly", (at) => answer<Item | undefined>(at("items").get(id)));
  }

  photos(item: string): Promise<Photo[]> {
    return this.#within(["photos"], "readonly", async (at) => {
      const found = await answer<Photo[]>(at("photos").index("item").getAll(item));
      return found.sort((a, b) => a.added_at - b.added_at || (a.id < b.id ? -1 : 1));
    });
  }

  /** Reads an item and keeps what `change` makes of it, with nobody in between; undefined changes nothing. */
  update(id: string, change: (item: Item | undefined) => Item | undefined): Promise<Item | undefined> {
    return this.#within(["items"], "readwrite", (at) => changed(at, id, change));
  }

  /** The same, together with the photos of the item, which are saved with it, and with what is remembered. */
  save(
    id: string,
    change: (item: Item | undefined) => Item,
    remember: (before: Habit | undefined) => Habit,
  ): Promise<void> {
    return this.#within(["items", "photos", "habits"], "readwrite", async (at) => {
      const item = change(await answer<Item | undefined>(at("items").get(id)));
      at("items").put(item);
      for (const photo of await answer<Photo[]>(at("photos").index("item").getAll(id))) {
        if (!photo.saved) at("photos").put({ ...photo, saved: true });
      }
      at("habits").put(remember(await answer<Habit | undefined>(at("habits").get(item.account))));
    });
  }

  addPhoto(photo: Photo): Promise<void> {
    return this.#within(["photos"], "readwrite", async (at) => {
      at("photos").put(photo);
    });
  }

  /** The server will never take this photo. */
  refusePhoto(id: string, refused: string): Promise<void> {
    return this.#within(["photos"], "readwrite", async (at) => {
      const photo = await answer<Photo | undefined>(at("photos").get(id));
      if (photo) at("photos").put({ ...photo, refused });
    });
  }

  removePhoto(id: string): Promise<void> {
    return this.#within(["photos"], "readwrite", async (at) => {
      at("photos").delete(id);
    });
  }

  /** A photo arrived: the device need not keep it. */
  photoSent(id: string, item: string, now: number): Promise<void> {
    return this.#within(["items", "photos"], "readwrite", async (at) => {
      at("photos").delete(id);
      await changed(at, item, (known) => known && { ...known, sent_at: now });
    });
  }

  /** Removes an item with its photos. */
  remove(id: string): Promise<void> {
    return this.#within(["items", "photos"], "readwrite", async (at) => {
      at("items").delete(id);
      for (const key of await answer(at("photos").index("item").getAllKeys(id))) at("photos").delete(key);
    });
  }

  habit(account: string): Promise<Habit | undefined> {
    return this.#within(["habits"], "readonly", (at) => answer<Habit | undefined>(at("habits").get(account)));
  }

  /** Who works on this device, for pages that do not say so. */
  setWho(account: string): Promise<void> {
    return this.#within(["who"], "readwrite", async (at) => {
      at("who").put({ key: "who", account });
    });
  }

  who(): Promise<string> {
    return this.#within(["who"], "readonly", async (at) => {
      const found = await answer<{ account: string } | undefined>(at("who").get("who"));
      return found?.account ?? "";
    });
  }

  /** Removes everything that `account` has here. */
  clear(account: string): Promise<void> {
    return this.#within(["items", "photos", "habits", "who"], "readwrite", async (at) => {
      for (const name of ["items", "photos"] as const) {
        for (const key of await answer(at(name).index("account").getAllKeys(account))) at(name).delete(key);
      }
      at("habits").delete(account);
      at("who").delete("who");
    });
  }
}

async function changed(
  at: (name: StoreName) => IDBObjectStore,
  id: string,
  change: (item: Item | undefined) => Item | undefined,
): Promise<Item | undefined> {
  const next = change(await answer<Item | undefined>(at("items").get(id)));
  if (next) at("items").put(next);
  return next;
}

/** Says that something changed; pages then read again. */
export function announce(sending = ""): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ sending });
  channel.close();
}
