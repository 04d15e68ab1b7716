/**
 * What an upload that broke off had answered, so that the same folder dropped again goes on where it was.
 *
 * Kept in this browser until the upload is whole. File names may spell patients: a file is remembered by a hash of
 * its path, size and date, its answers by the ids of their rows on the server.
 */
import type { PickedFile } from "./collect";

const PLACE = "hepastage.unfinished-upload";
const WEEK_MS = 7 * 24 * 3600 * 1000;
const SAVE_MS = 1000;

export interface Unfinished {
  upload: string;
  site: string | null;
  owner: string;
  begun: number;
  total: number;
  /** Fingerprint of a file → ids of its rows. */
  answered: Record<string, string[]>;
}

/** 53 bits of a mixing hash (cyrb53): enough to tell the files of one folder apart, and not their names. */
export function fingerprint(picked: PickedFile): string {
  const text = `${picked.path}\0${String(picked.file.size)}\0${String(picked.file.lastModified)}`;
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36);
}

function isUnfinished(value: unknown): value is Unfinished {
  const entry = value as Partial<Unfinished> | null;
  return (
    typeof entry === "object" &&
    entry !== null &&
    typeof entry.upload === "string" &&
    typeof entry.owner === "string" &&
    typeof entry.begun === "number" &&
    typeof entry.answered === "object"
  );
}

export class UploadLedger {
  private entry: Unfinished | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
    private readonly now: () => number = Date.now,
  ) {}

  /** The upload that this person began in this browser and that is not whole. */
  unfinished(owner: string): Unfinished | null {
    const entry = this.entry ?? this.read();
    return entry?.owner === owner && this.now() - entry.begun < WEEK_MS ? entry : null;
  }

  begin(upload: string, owner: string, site: string | undefined): void {
    this.entry = { upload, owner, site: site ?? null, begun: this.now(), total: 0, answered: {} };
    this.saveSoon();
  }

  /** More files for an upload that was whole already. */
  reopen(upload: string, owner: string, site: string | undefined): void {
    if (this.entry?.upload !== upload) this.begin(upload, owner, site);
  }

  /** Goes on writing to an entry of before the reload. */
  resume(entry: Unfinished): void {
    this.entry = entry;
  }

  expect(total: number): void {
    if (!this.entry) return;
    this.entry.total = total;
    this.saveSoon();
  }

  answered(print: string, rows: readonly string[]): void {
    if (!this.entry) return;
    this.entry.answered[print] = [...rows];
    this.saveSoon();
  }

  rowsOf(print: string): readonly string[] | undefined {
    return this.entry?.answered[print];
  }

  finish(): void {
    this.entry = null;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.storage.removeItem(PLACE);
  }

  /** Writes now; called when the page goes away. */
  save(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (!this.entry) return;
    try {
      this.storage.setItem(PLACE, JSON.stringify(this.entry));
    } catch {
      // No room: what was sent is then sent again after a reload, and answered as a duplicate.
    }
  }

  private saveSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.save();
    }, SAVE_MS);
  }

  private read(): Unfinished | null {
    try {
      const value: unknown = JSON.parse(this.storage.getItem(PLACE) ?? "null");
      return isUnfinished(value) ? value : null;
    } catch {
      return null;
    }
  }
}
