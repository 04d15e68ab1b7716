/**
 * Strokes that the server does not have yet, kept in this browser's storage: written before anything is sent, removed
 * when the server has answered. Each open page has its own entry, so that two tabs never overwrite each other's.
 */
import type { components } from "~/api/schema";
import type { Corner, Polygon } from "./geometry";

export type Origin = components["schemas"]["OutlineOriginEnum"];

export type Algorithm = components["schemas"]["Algorithm"];

export interface Draft {
  polygons: Polygon[];
  /** Corners of a polygon that is not closed yet; they stay in this browser. */
  open: Corner[];
  origin: Origin;
  /** The proposal that it was begun from. */
  proposal?: string | null;
  /** What an imported file says that it was made by. */
  algorithm?: Algorithm | null;
}

export interface Entry {
  draft: Draft;
  /** Revision that the draft was drawn on; 0: none. */
  madeFrom: number;
  /** Our name for the save: sent again after a lost answer, it is the same save. */
  key: string;
  at: string;
}

export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "hepastage.outline";

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null;
  return (
    typeof entry === "object" &&
    entry !== null &&
    typeof entry.key === "string" &&
    typeof entry.madeFrom === "number" &&
    Array.isArray(entry.draft?.polygons) &&
    Array.isArray(entry.draft.open)
  );
}

export class Journal {
  private readonly shelfmark: string;
  private readonly own: string;

  constructor(
    private readonly shelf: Shelf,
    who: { user: number; image: string; frame: number; tab: string },
  ) {
    this.shelfmark = `${PREFIX}/${who.user}/${who.image}/${who.frame}/`;
    this.own = this.shelfmark + who.tab;
  }

  /** False where the browser keeps nothing (storage full or forbidden). */
  write(entry: Entry): boolean {
    try {
      this.shelf.setItem(this.own, JSON.stringify(entry));
      return true;
    } catch {
      return false;
    }
  }

  /** This page's own entry. */
  mine(): Entry | null {
    return this.read(this.own);
  }

  clear(): void {
    this.shelf.removeItem(this.own);
  }

  /** What other pages of this user left or still hold for this frame, newest first. */
  left(): { name: string; entry: Entry }[] {
    const found: { name: string; entry: Entry }[] = [];
    for (let index = 0; index < this.shelf.length; index++) {
      const name = this.shelf.key(index);
      if (!name?.startsWith(this.shelfmark) || name === this.own) continue;
      const entry = this.read(name);
      if (entry) found.push({ name, entry });
    }
    return found.sort((a, b) => b.entry.at.localeCompare(a.entry.at));
  }

  /** Makes somebody else's entry this page's own. */
  take(name: string, entry: Entry): void {
    if (this.write(entry)) this.shelf.removeItem(name);
  }

  private read(name: string): Entry | null {
    try {
      const entry: unknown = JSON.parse(this.shelf.getItem(name) ?? "null");
      return isEntry(entry) ? entry : null;
    } catch {
      return null; // half-written by a browser that died: there is nothing in it to take over
    }
  }
}
