/**
 * Brings drafts to the server, one after the other, and loses none: into the journal first, then over the network, again
 * and again while there is none. A draft made from an older revision than the server's waits for the person's choice.
 */
import { ApiProblem } from "~/api/problem";
import type { components } from "~/api/schema";
import type { Draft, Entry, Journal } from "./journal";

export type Outline = components["schemas"]["Outline"];
type Save = Pick<components["schemas"]["OutlineSaveRequest"], "polygons" | "made_from" | "origin" | "key" | "proposal" | "algorithm">;

export type Phase = "saved" | "waiting" | "saving" | "offline" | "conflict" | "refused";

export interface SaverView {
  phase: Phase;
  revision: number;
  /** The server's version, where it is in the way; null there: thrown away meanwhile. */
  theirs: Outline | null;
  problem: ApiProblem | null;
  /** Whether this browser keeps what the server does not have yet. */
  kept: boolean;
}

interface SaverParts {
  journal: Journal;
  send: (save: Save) => Promise<Outline>;
  revision: number;
  tell: (view: SaverView) => void;
  /** The server's outline is newer and nothing here is unsaved: show that. */
  adopt: (outline: Outline) => void;
  newKey?: () => string;
  pauseMs?: number;
  retryMs?: number;
}

export const AUTOSAVE_PAUSE_MS = 900;
const RETRY_MS = 4000;

/** `crypto.randomUUID` exists in secure contexts only; hospitals still serve pages over http. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export class Saver {
  private entry: Entry | null = null;
  private sending = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private view: SaverView;
  private lastSent = "";
  private closed = false;

  constructor(private readonly parts: SaverParts) {
    this.view = { phase: "saved", revision: parts.revision, theirs: null, problem: null, kept: true };
  }

  get state(): SaverView {
    return this.view;
  }

  /** Whether something is not on the server yet. */
  get unsaved(): boolean {
    return this.entry !== null;
  }

  /** A new draft: in the journal when this returns. */
  change(draft: Draft): void {
    this.keep({ draft, madeFrom: this.view.revision, key: this.newKey(), at: new Date().toISOString() });
    if (this.view.phase === "conflict") return;
    if (this.view.phase !== "offline") this.set({ phase: "waiting", problem: null });
    this.later(this.parts.pauseMs ?? AUTOSAVE_PAUSE_MS);
  }

  /** Goes on with what a page before this one left in the journal. */
  resume(entry: Entry): void {
    this.keep(entry);
    this.set({ phase: "waiting", revision: entry.madeFrom });
    this.later(0);
  }

  /** Sends now what is waiting; resolves when it has been answered. */
  async flush(): Promise<void> {
    this.stopTimer();
    const entry = this.entry;
    if (!entry || this.sending || this.closed || this.view.phase === "conflict") return;
    if (JSON.stringify(entry.draft.polygons) === this.lastSent) {
      this.settled(entry, null); // only the open polygon differs, which stays here
      return;
    }
    this.sending = true;
    this.set({ phase: "saving" });
    try {
      const { draft, madeFrom, key } = entry;
      const outline = await this.parts.send({
        polygons: draft.polygons,
        made_from: madeFrom,
        origin: draft.origin,
        proposal: draft.proposal,
        algorithm: draft.algorithm,
        key,
      });
      this.sending = false;
      this.answered(entry, outline);
    } catch (error) {
      this.sending = false;
      this.failed(error);
    }
  }

  /** After a conflict: `mine` becomes the next revision after theirs, `theirs` is shown and mine given up. */
  resolve(choice: "mine" | "theirs"): void {
    const { theirs } = this.view;
    const entry = this.entry;
    const revision = theirs?.revision ?? 0;
    this.set({ phase: "waiting", revision, theirs: null });
    if (choice === "mine" && entry) {
      this.lastSent = "";
      this.keep({ ...entry, madeFrom: revision, key: this.newKey() });
      void this.flush();
    } else {
      this.drop();
      if (theirs) this.parts.adopt(theirs);
    }
  }

  /** The server's outline as it was just read. */
  seen(outline: Outline): void {
    if (this.unsaved || this.sending || outline.revision <= this.view.revision) return;
    this.set({ revision: outline.revision });
    this.parts.adopt(outline);
  }

  /** A save that went another way (finished, restored): the revision to go on from. */
  moved(outline: Outline): void {
    this.lastSent = JSON.stringify(outline.polygons);
    this.set({ phase: "saved", revision: outline.revision });
  }

  retryNow(): void {
    if (this.view.phase === "offline") this.later(0);
  }

  /** The page is left: what is unsaved stays in the journal for the next one. */
  close(): void {
    this.closed = true;
    this.stopTimer();
  }

  private answered(entry: Entry, outline: Outline): void {
    this.lastSent = JSON.stringify(entry.draft.polygons);
    // Written by this very save, or there already; else the save was an earlier one, and others have gone on since.
    const newest = outline.revision <= entry.madeFrom + 1;
    this.set({ revision: newest ? outline.revision : entry.madeFrom + 1 });
    if (this.settled(entry, newest ? null : outline)) return;
    if (this.entry) this.keep({ ...this.entry, madeFrom: this.view.revision });
    this.set({ phase: "waiting" });
    this.later(0);
  }

  /** Nothing newer was drawn meanwhile: the journal has done its part. */
  private settled(entry: Entry, ahead: Outline | null): boolean {
    if (this.entry?.key !== entry.key) return false;
    if (!entry.draft.open.length) this.drop();
    else if (!ahead) this.keep({ ...entry, madeFrom: this.view.revision });
    this.set({ phase: "saved", problem: null });
    if (ahead && !entry.draft.open.length) this.seen(ahead);
    return true;
  }

  private failed(error: unknown): void {
    const problem = error instanceof ApiProblem ? error : new ApiProblem(0, { code: "network" });
    if (problem.code === "outline-conflict") {
      this.set({ phase: "conflict", theirs: (problem.body.theirs ?? null) as Outline | null, problem });
    } else if (problem.status === 0 || problem.status === 429 || problem.status >= 500) {
      this.set({ phase: "offline", problem });
      this.later(this.parts.retryMs ?? RETRY_MS);
    } else {
      this.set({ phase: "refused", problem });
    }
  }

  private keep(entry: Entry): void {
    this.entry = entry;
    const kept = this.parts.journal.write(entry);
    if (kept !== this.view.kept) this.set({ kept });
  }

  private drop(): void {
    this.entry = null;
    this.parts.journal.clear();
  }

  private later(ms: number): void {
    this.stopTimer();
    if (!this.closed) this.timer = setTimeout(() => void this.flush(), ms);
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private set(change: Partial<SaverView>): void {
    this.view = { ...this.view, ...change };
    if (!this.closed) this.parts.tell(this.view);
  }

  private newKey(): string {
    return (this.parts.newKey ?? randomKey)();
  }
}
