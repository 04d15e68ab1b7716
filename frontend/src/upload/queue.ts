/**
 * The files on their way to the server: a few in parallel, each with its progress, its answer and a second chance.
 *
 * The queue lives outside the pages, so that a person may look at the worklist while a folder is still being sent.
 */
import { ApiProblem } from "~/api/problem";
import type { FileResult } from "~/api/types";
import type { PickedFile } from "./collect";

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
}

export const PARALLEL = 3;
const AUTOMATIC_TRIES = 3;

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
  private readonly files = new Map<number, PickedFile>();
  private readonly listeners = new Set<() => void>();
  private starting: Promise<string> | null = null;
  private sending = 0;
  private nextKey = 1;
  private site: string | undefined;

  constructor(
    private readonly doors: UploadDoors,
    private readonly pause: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
  ) {}

  readonly snapshot = (): UploadView => this.view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Adds files; `site` says whose patients they are, and counts from the first file of an upload on. */
  add(picked: readonly PickedFile[], site?: string): void {
    if (!this.starting) this.site = site;
    const items = picked.map((one) => {
      const key = this.nextKey++;
      this.files.set(key, one);
      return { key, path: one.path, size: one.file.size, state: "waiting", sent: 0, results: [], problem: null } as const;
    });
    this.set({ items: [...this.view.items, ...items] });
    this.pump();
  }

  retry(key: number): void {
    this.change(key, { state: "waiting", sent: 0, problem: null });
    this.pump();
  }

  /** Forgets a finished batch; the next file begins a new upload. */
  clear(): void {
    if (isBusy(this.view)) return;
    this.files.clear();
    this.starting = null;
    this.set({ uploadId: null, items: [] });
  }

  /** Puts a corrected answer (a band chosen by hand) in the place of the first one. */
  replaceResult(result: FileResult): void {
    this.set({
      items: this.view.items.map((item) => ({
        ...item,
        results: item.results.map((old) => (old.id === result.id ? result : old)),
      })),
    });
  }

  private set(change: Partial<UploadView>): void {
    this.view = { ...this.view, ...change };
    for (const listener of this.listeners) listener();
  }

  private change(key: number, change: Partial<UploadItem>): void {
    this.set({ items: this.view.items.map((item) => (item.key === key ? { ...item, ...change } : item)) });
  }

  private pump(): void {
    while (this.sending < PARALLEL) {
      const next = this.view.items.find((item) => item.state === "waiting");
      if (!next) return;
      this.sending += 1;
      this.change(next.key, { state: "sending" });
      void this.carry(next.key).finally(() => {
        this.sending -= 1;
        this.pump();
      });
    }
  }

  private begin(): Promise<string> {
    this.starting ??= this.doors.start(this.site).then(
      (id) => {
        this.set({ uploadId: id });
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
        const results = await this.doors.send(upload, picked, (sent) => {
          this.change(key, { sent });
        });
        this.change(key, { state: "done", sent: 1, results });
        this.files.delete(key);
        return;
      } catch (error) {
        const problem = error instanceof ApiProblem ? error : new ApiProblem(0, {});
        if (!isPassing(problem) || attempt >= AUTOMATIC_TRIES) {
          this.change(key, { state: "failed", problem });
          return;
        }
        this.change(key, { sent: 0 });
        await this.pause(1000 * 2 ** (attempt - 1));
      }
    }
  }
}
