/**
 * The files on their way to the server: a few in parallel, each with its progress, its answer and a second chance.
 *
 * The queue lives outside the pages, so that a person may look at the worklist while a folder is still being sent.
 * A folder may hold thousands of files: a change touches one item, and listeners hear of changes ten times a second.
 */
import { ApiProblem } from "~/api/problem";
import type { FileResult } from "~/api/types";
import { Listeners } from "~/live/listeners";
import type { PickedFile } from "./collect";
import { fingerprint, type Unfinished, type UploadLedger } from "./ledger";

export type ItemState = "waiting" | "sending" | "done" | "failed";

export interface UploadItem {
  readonly key: number;
  readonly path: string;
  readonly size: number;
  readonly state: ItemState;
  /** Share of the bytes sent, 0 to 1. */
  readonly sent: number;
  readonly results: readonly FileResult[];
  readonly problem: ApiProblem | null;
}

export interface UploadView {
  readonly uploadId: string | null;
  readonly items: readonly UploadItem[];
}

export interface UploadDoors {
  start(site: string | undefined): Promise<string>;
  send(upload: string, picked: PickedFile, onProgress: (share: number) => void): Promise<FileResult[]>;
  /** Every file that the upload has answered. */
  answered(upload: string): Promise<FileResult[]>;
  /** What became of a file that need not be sent; null where it has to be. */
  known(upload: string, picked: PickedFile): Promise<FileResult | null>;
}

export const PARALLEL = 3;
export const AUTOMATIC_TRIES = 6;
const FIRST_PAUSE_MS = 1000;
const TELL_MS = 100;
/** Larger files are asked for by their digest first: it costs less than sending what the site has already. */
const ASK_FIRST_BYTES = 4 * 2 ** 20;

/** A fault of the way there, not of the file: worth another try without asking. */
export function isPassing(problem: ApiProblem): boolean {
  return problem.status === 0 || problem.status === 429 || (problem.status >= 502 && problem.status <= 504);
}

export function isBusy(view: UploadView): boolean {
  return view.items.some((item) => item.state === "waiting" || item.state === "sending");
}

/** Bytes sent of all bytes, 0 to 1. */
export function shareSent(view: UploadView): number {
  const total = view.items.reduce((sum, item) => sum + Math.max(item.size, 1), 0);
  const sent = view.items.reduce((sum, item) => {
    const share = item.state === "done" || item.state === "failed" ? 1 : item.sent;
    return sum + share * Math.max(item.size, 1);
  }, 0);
  return total ? sent / total : 0;
}

export class UploadQueue {
  private view: UploadView = { uploadId: null, items: [] };
  private changed = false;
  private telling: ReturnType<typeof setTimeout> | null = null;
  private uploadId: string | null = null;
  private items: UploadItem[] = [];
  private readonly placeOf = new Map<number, number>();
  private readonly files = new Map<number, PickedFile>();
  private readonly prints = new Map<number, string>();
  private waiting: number[] = [];
  private readonly listeners = new Listeners();
  readonly subscribe = this.listeners.subscribe;
  private starting: Promise<string> | null = null;
  private resumed = false;
  private rows: Promise<Map<string, FileResult>> | null = null;
  private sending = 0;
  private failed = 0;
  private nextKey = 1;
  private site: string | undefined;
  private owner = "";

  constructor(
    private readonly doors: UploadDoors,
    private readonly ledger: UploadLedger,
    private readonly pause: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
  ) {}

  readonly snapshot = (): UploadView => {
    if (this.changed) {
      this.changed = false;
      this.view = { uploadId: this.uploadId, items: [...this.items] };
    }
    return this.view;
  };

  /** The upload that broke off and can go on, as long as nothing else is on its way. */
  unfinished(owner: string): Unfinished | null {
    return this.items.length ? null : this.ledger.unfinished(owner);
  }

  /** Forgets the upload that broke off; what the server has of it stays there. */
  forgetUnfinished(): void {
    if (!this.items.length) this.ledger.finish();
    this.tell();
  }

  /**
   * Adds files; `site` says whose patients they are, and counts from the first file of an upload on. Where some of
   * them were answered by the `owner`'s upload that broke off, that upload goes on.
   */
  add(picked: readonly PickedFile[], site?: string, owner = ""): void {
    const prints = picked.map(fingerprint);
    if (!this.starting) {
      this.site = site;
      this.owner = owner;
      const entry = this.ledger.unfinished(owner);
      if (entry && entry.site === (site ?? null) && prints.some((print) => print in entry.answered)) this.resume(entry);
    }
    for (const [index, one] of picked.entries()) {
      const key = this.nextKey++;
      this.files.set(key, one);
      this.prints.set(key, prints[index] ?? "");
      this.placeOf.set(key, this.items.length);
      const { path, file } = one;
      this.items.push({ key, path, size: file.size, state: "waiting", sent: 0, results: [], problem: null });
      this.waiting.push(key);
    }
    if (this.uploadId) this.ledger.reopen(this.uploadId, this.owner, this.site);
    this.ledger.expect(this.items.length);
    this.tell();
    this.pump();
  }

  retry(key: number): void {
    if (this.itemOf(key)?.state !== "failed") return;
    this.failed -= 1;
    this.change(key, { state: "waiting", sent: 0, problem: null });
    this.waiting.push(key);
    this.pump();
  }

  retryAll(): void {
    for (const item of this.items.filter((one) => one.state === "failed")) this.retry(item.key);
  }

  /** Forgets a finished batch; the next file begins a new upload, or goes on with the one that broke off. */
  clear(): void {
    if (this.waiting.length || this.sending || !this.items.length) return;
    this.files.clear();
    this.prints.clear();
    this.placeOf.clear();
    this.items = [];
    this.failed = 0;
    this.starting = this.rows = null;
    this.resumed = false;
    this.uploadId = null;
    this.ledger.finish();
    this.tell();
  }

  /** Puts a corrected answer (a band chosen by hand) in the place of the first one. */
  replaceResult(result: FileResult): void {
    this.items = this.items.map((item) =>
      item.results.some((old) => old.id === result.id)
        ? { ...item, results: item.results.map((old) => (old.id === result.id ? result : old)) }
        : item,
    );
    this.tell();
  }

  private resume(entry: Unfinished): void {
    this.ledger.resume(entry);
    this.resumed = true;
    this.uploadId = entry.upload;
    this.starting = Promise.resolve(entry.upload);
  }

  private itemOf(key: number): UploadItem | undefined {
    const place = this.placeOf.get(key);
    return place === undefined ? undefined : this.items[place];
  }

  private change(key: number, change: Partial<UploadItem>): void {
    const place = this.placeOf.get(key);
    const item = this.itemOf(key);
    if (place === undefined || !item) return;
    this.items[place] = { ...item, ...change };
    this.tell();
  }

  private tell(): void {
    this.changed = true;
    this.telling ??= setTimeout(() => {
      this.telling = null;
      this.listeners.tell();
    }, TELL_MS);
  }

  private pump(): void {
    while (this.sending < PARALLEL) {
      const key = this.waiting.shift();
      if (key === undefined) break;
      this.sending += 1;
      this.change(key, { state: "sending" });
      void this.carry(key).finally(() => {
        this.sending -= 1;
        this.pump();
      });
    }
    if (!this.sending && !this.waiting.length && !this.failed && this.items.length) this.ledger.finish();
  }

  private begin(): Promise<string> {
    this.starting ??= this.doors.start(this.site).then(
      (id) => {
        this.uploadId = id;
        this.ledger.begin(id, this.owner, this.site);
        this.ledger.expect(this.items.length);
        this.tell();
        return id;
      },
      (error: unknown) => {
        this.starting = null;
        throw error;
      },
    );
    return this.starting;
  }

  private async carry(key: number): Promise<void> {
    const picked = this.files.get(key);
    if (!picked) return;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const upload = await this.begin();
        const results =
          (await this.answeredBefore(upload, key)) ??
          (await this.knownThere(upload, picked, attempt)) ??
          (await this.doors.send(upload, picked, (sent) => {
            this.change(key, { sent });
          }));
        this.change(key, { state: "done", sent: 1, results });
        this.ledger.answered(this.prints.get(key) ?? "", results.map((result) => result.id));
        this.files.delete(key);
        return;
      } catch (error) {
        const problem = error instanceof ApiProblem ? error : new ApiProblem(0, {});
        if (!isPassing(problem) || attempt >= AUTOMATIC_TRIES) {
          this.failed += 1;
          this.change(key, { state: "failed", problem });
          return;
        }
        this.change(key, { sent: 0 });
        await this.pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  }

  /** The answers of before the reload, by the ids that the ledger kept. */
  private async answeredBefore(upload: string, key: number): Promise<FileResult[] | null> {
    const ids = this.resumed ? this.ledger.rowsOf(this.prints.get(key) ?? "") : undefined;
    if (!ids?.length) return null;
    this.rows ??= this.doors.answered(upload).then(
      (results) => new Map(results.map((result) => [result.id, result])),
      (error: unknown) => {
        this.rows = null;
        throw error;
      },
    );
    const rows = await this.rows;
    const found = ids.flatMap((id) => rows.get(id) ?? []);
    return found.length === ids.length ? found : null;
  }

  /** Asked where an answer may have got lost, and of files that are long to send. */
  private async knownThere(upload: string, picked: PickedFile, attempt: number): Promise<FileResult[] | null> {
    if (!this.resumed && attempt === 1 && picked.file.size < ASK_FIRST_BYTES) return null;
    const known = await this.doors.known(upload, picked);
    return known ? [known] : null;
  }
}
