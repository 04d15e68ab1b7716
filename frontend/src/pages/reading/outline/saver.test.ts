import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "~/api/problem";
import { type Draft, Journal, type Shelf } from "./journal";
import { type Outline, Saver, type SaverView } from "./saver";

class MemoryShelf implements Shelf {
  private readonly rows = new Map<string, string>();
  full = false;
  get length() {
    return this.rows.size;
  }
  key = (index: number) => [...this.rows.keys()][index] ?? null;
  getItem = (name: string) => this.rows.get(name) ?? null;
  setItem = (name: string, value: string) => {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.rows.set(name, value);
  };
  removeItem = (name: string) => {
    this.rows.delete(name);
  };
}

/** The rules of the server: a save names the revision it was made from; a key is answered once. */
class Server {
  revisions: { polygons: unknown; key: string | null }[] = [];
  online = true;
  losesAnswer = false;
  sent = 0;
  send = async (save: { polygons: unknown; made_from: number; key?: string | null }): Promise<Outline> => {
    await Promise.resolve();
    if (!this.online) throw new ApiProblem(0, { code: "network" });
    this.sent++;
    if (!this.revisions.some((row) => row.key && row.key === save.key)) {
      if (save.made_from !== this.revisions.length) {
        throw new ApiProblem(409, { code: "outline-conflict", theirs: this.head } as never);
      }
      this.revisions.push({ polygons: save.polygons, key: save.key ?? null });
    }
    if (this.losesAnswer) throw new ApiProblem(0, { code: "network" });
    return this.head;
  };
  get head(): Outline {
    return { revision: this.revisions.length, polygons: this.revisions.at(-1)?.polygons } as Outline;
  }
}

const drawn = (x: number, open: [number, number][] = []): Draft => ({
  polygons: [[[x, 0], [9, 9], [0, 9]]],
  open,
  origin: "polygon",
});

let shelf: MemoryShelf;
let server: Server;
let keys = 0;

function page(tab: string, revision = server.revisions.length) {
  const journal = new Journal(shelf, { user: 1, image: "i", frame: 0, tab });
  const seen: SaverView[] = [];
  const adopted: Outline[] = [];
  const saver = new Saver({
    journal, send: server.send, revision, newKey: () => `key-${++keys}`, pauseMs: 10, retryMs: 50,
    tell: (view) => seen.push(view), adopt: (outline) => adopted.push(outline),
  });
  return { saver, journal, seen, adopted };
}

const settle = () => vi.advanceTimersByTimeAsync(20);

beforeEach(() => {
  vi.useFakeTimers();
  shelf = new MemoryShelf();
  server = new Server();
});
afterEach(() => vi.useRealTimers());

describe("saving an outline", () => {
  it("keeps a stroke on this machine before it is sent, and lets go of it when it has arrived", async () => {
    const { saver } = page("a");
    saver.change(drawn(1));
    expect(shelf.length).toBe(1);
    expect(server.sent).toBe(0);
    await settle();
    expect(saver.state).toMatchObject({ phase: "saved", revision: 1 });
    expect(shelf.length).toBe(0);
  });

  it("sends what was drawn while a save was on its way as the next revision", async () => {
    const { saver } = page("a");
    saver.change(drawn(1));
    const first = saver.flush();
    saver.change(drawn(2));
    await first;
    await settle();
    expect(server.revisions.map((row) => row.polygons)).toEqual([drawn(1).polygons, drawn(2).polygons]);
    expect(saver.state.phase).toBe("saved");
  });

  it("goes on after a reload without a network, and saves when there is one again", async () => {
    server.online = false;
    const before = page("a");
    before.saver.change(drawn(1));
    await settle();
    before.saver.change(drawn(2, [[4, 4]]));
    expect(before.saver.state.phase).toBe("offline");
    before.saver.close();

    const after = page("b");
    const [left, ...others] = after.journal.left();
    expect(others).toEqual([]);
    expect(left?.entry.draft).toEqual(drawn(2, [[4, 4]]));
    if (left) {
      after.journal.take(left.name, left.entry);
      after.saver.resume(left.entry);
    }
    await settle();
    expect(after.saver.state.phase).toBe("offline");
    server.online = true;
    await vi.advanceTimersByTimeAsync(60);
    expect(after.saver.state.phase).toBe("saved");
    expect(server.revisions.map((row) => row.polygons)).toEqual([drawn(2).polygons]);
    expect(shelf.length, "the open polygon stays in this browser").toBe(1);
  });

  it("does not save twice when only the answer was lost", async () => {
    server.losesAnswer = true;
    const { saver } = page("a");
    saver.change(drawn(1));
    await settle();
    expect(saver.state.phase).toBe("offline");
    server.losesAnswer = false;
    await vi.advanceTimersByTimeAsync(60);
    expect(saver.state).toMatchObject({ phase: "saved", revision: 1 });
    expect(server.revisions).toHaveLength(1);
  });

  it("stops at another tab's newer revision, keeps the stroke, and saves it after it was chosen", async () => {
    const [first, second] = [page("a"), page("b")];
    first.saver.change(drawn(1));
    await settle();
    second.saver.change(drawn(2));
    await settle();
    expect(second.saver.state.phase).toBe("conflict");
    expect(second.saver.state.theirs?.polygons).toEqual(drawn(1).polygons);
    second.saver.change(drawn(3));
    await settle();
    expect(server.revisions).toHaveLength(1);
    expect(shelf.length).toBe(1);
    second.saver.resolve("mine");
    await settle();
    expect(server.revisions.map((row) => row.polygons)).toEqual([drawn(1).polygons, drawn(3).polygons]);
    expect(second.saver.state).toMatchObject({ phase: "saved", revision: 2 });
  });

  it("shows theirs where theirs was chosen, and goes on from it", async () => {
    const [first, second] = [page("a"), page("b")];
    first.saver.change(drawn(1));
    await settle();
    second.saver.change(drawn(2));
    await settle();
    second.saver.resolve("theirs");
    expect(second.adopted.map((outline) => outline.revision)).toEqual([1]);
    second.saver.change(drawn(4));
    await settle();
    expect(server.revisions).toHaveLength(2);
    expect(second.saver.state.phase).toBe("saved");
  });

  it("takes over a newer revision quietly only where nothing is unsaved", async () => {
    const [first, second] = [page("a"), page("b")];
    first.saver.change(drawn(1));
    await settle();
    second.saver.seen(server.head);
    expect(second.adopted).toHaveLength(1);
    server.online = false;
    second.saver.change(drawn(2));
    second.saver.seen({ ...server.head, revision: 9 });
    expect(second.adopted).toHaveLength(1);
  });

  it("says so where the browser keeps nothing", () => {
    shelf.full = true;
    const { saver } = page("a");
    saver.change(drawn(1));
    expect(saver.state.kept).toBe(false);
  });

  it("leaves a refused draft in the journal", async () => {
    const { saver } = page("a");
    server.send = () => Promise.reject(new ApiProblem(400, { code: "outline-refused" }));
    const refused = new Saver({
      journal: new Journal(shelf, { user: 1, image: "i", frame: 0, tab: "c" }), send: server.send, revision: 0,
      tell: () => undefined, adopt: () => undefined, pauseMs: 10,
    });
    refused.change(drawn(1));
    await settle();
    expect(refused.state.phase).toBe("refused");
    expect(shelf.length).toBe(1);
    expect(saver.unsaved).toBe(false);
  });
});
