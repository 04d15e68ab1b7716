import { describe, expect, it } from "vitest";
import { ApiProblem } from "~/api/problem";
import type { FileResult } from "~/api/types";
import type { PickedFile } from "./collect";
import { fingerprint, UploadLedger } from "./ledger";
import { AUTOMATIC_TRIES, isBusy, PARALLEL, shareSent, UploadQueue } from "./queue";

const picked = (path: string, size = 100): PickedFile => ({ file: { name: path, size, lastModified: 7 } as File, path });
const accepted = (name: string) => ({ id: name, name, outcome: "accepted" }) as FileResult;
const ticks = async (count = 20) => {
  for (let index = 0; index < count; index += 1) await Promise.resolve();
};

class Shelf {
  private readonly kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
  all = () => [...this.kept.values()].join();
}

/** A server whose answers the test gives one by one; `known` are files that it says it has. */
function bench(shelf = new Shelf(), known: Record<string, FileResult> = {}, rows: FileResult[] = []) {
  const open = new Map<string, { answer: (results: FileResult[]) => void; refuse: (problem: ApiProblem) => void }>();
  let starts = 0;
  let sends = 0;
  const pauses: number[] = [];
  const asked: string[] = [];
  const ledger = new UploadLedger(shelf);
  const queue = new UploadQueue(
    {
      start: () => {
        starts += 1;
        return Promise.resolve(`upload-${starts}`);
      },
      send: (_upload, one) => {
        sends += 1;
        return new Promise((answer, refuse) => open.set(one.path, { answer, refuse }));
      },
      answered: () => Promise.resolve(rows),
      known: (_upload, one) => {
        asked.push(one.path);
        return Promise.resolve(known[one.path] ?? null);
      },
    },
    ledger,
    (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  );
  const states = () => queue.snapshot().items.map((item) => item.state);
  return { queue, ledger, shelf, open, states, pauses, asked, starts: () => starts, sends: () => sends };
}

describe("upload queue", () => {
  it("sends a few at a time within one upload", async () => {
    const { queue, open, states, starts } = bench();
    queue.add(["a", "b", "c", "d", "e"].map((path) => picked(path)));
    await ticks();
    expect(states().filter((state) => state === "sending")).toHaveLength(PARALLEL);
    open.get("b")?.answer([accepted("b")]);
    await ticks();
    expect(states()).toEqual(["sending", "done", "sending", "sending", "waiting"]);
    expect(starts()).toBe(1);
    expect(isBusy(queue.snapshot())).toBe(true);
  });

  it("tries again by itself when the way there fails, then leaves it to the person", async () => {
    const { queue, open, states, pauses, sends } = bench();
    queue.add([picked("a")]);
    for (let attempt = 0; attempt < AUTOMATIC_TRIES; attempt += 1) {
      await ticks();
      open.get("a")?.refuse(new ApiProblem(503, {}));
    }
    await ticks();
    expect(states()).toEqual(["failed"]);
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16000]);
    queue.retry(1);
    await ticks();
    expect(states()).toEqual(["sending"]);
    expect(sends()).toBe(AUTOMATIC_TRIES + 1);
    open.get("a")?.answer([accepted("a")]);
    await ticks();
    expect(states()).toEqual(["done"]);
  });

  it("does not repeat what the server refuses", async () => {
    const { queue, open, states, sends } = bench();
    queue.add([picked("a")]);
    await ticks();
    open.get("a")?.refuse(new ApiProblem(413, { code: "file-too-large" }));
    await ticks();
    expect(states()).toEqual(["failed"]);
    expect(sends()).toBe(1);
    expect(queue.snapshot().items[0]?.problem?.code).toBe("file-too-large");
  });

  it("weighs progress by bytes", async () => {
    const { queue, open } = bench();
    queue.add([picked("small", 100), picked("large", 300)]);
    await ticks();
    open.get("large")?.answer([accepted("large")]);
    await ticks();
    expect(shareSent(queue.snapshot())).toBeCloseTo(0.75);
  });

  it("begins a new upload after a finished batch is cleared, never while sending", async () => {
    const { queue, open, starts } = bench();
    queue.add([picked("a")]);
    await ticks();
    queue.clear();
    expect(queue.snapshot().items).toHaveLength(1);
    open.get("a")?.answer([accepted("a")]);
    await ticks();
    queue.clear();
    expect(queue.snapshot().items).toHaveLength(0);
    queue.add([picked("b")]);
    await ticks();
    expect(starts()).toBe(2);
  });
});

describe("an upload that broke off", () => {
  /** Three files, one answered, one on its way, one waiting; then the page goes away. */
  async function broken() {
    const before = bench();
    const paths = ["a", "b", "c"];
    before.queue.add(paths.map((path) => picked(path)), "A", "7");
    await ticks();
    before.open.get("a")?.answer([accepted("row-a")]);
    await ticks();
    before.ledger.save();
    return before.shelf;
  }

  it("goes on where it was when the same folder is dropped again", async () => {
    const shelf = await broken();
    const after = bench(shelf, { b: accepted("row-b") }, [accepted("row-a")]);
    expect(after.queue.unfinished("7")?.total).toBe(3);
    after.queue.clear(); // the page does so before it adds
    after.queue.add(["a", "b", "c"].map((path) => picked(path)), "A", "7");
    await ticks(40);
    expect(after.states()).toEqual(["done", "done", "sending"]);
    expect(after.starts()).toBe(0);
    expect(after.sends()).toBe(1);
    expect(after.queue.snapshot().uploadId).toBe("upload-1");
    after.open.get("c")?.answer([accepted("row-c")]);
    await ticks();
    expect(after.queue.snapshot().items.map((item) => item.results[0]?.id)).toEqual(["row-a", "row-b", "row-c"]);
    expect(shelf.all()).toBe("");
  });

  it("is not gone on with by somebody else, for another site, or with other files", async () => {
    const shelf = await broken();
    expect(bench(shelf).queue.unfinished("8")).toBeNull();
    for (const [paths, site, owner] of [
      [["a"], "A", "8"],
      [["a"], "B", "7"],
      [["z"], "A", "7"],
    ] as const) {
      const after = bench(shelf);
      after.queue.add(paths.map((path) => picked(path)), site, owner);
      await ticks();
      expect(after.starts()).toBe(1);
      expect(after.asked).toEqual([]);
    }
  });

  it("sends again what the server's answer to was lost altogether", async () => {
    const after = bench(await broken(), {}, []);
    after.queue.add([picked("a")], "A", "7");
    await ticks(40);
    expect(after.states()).toEqual(["sending"]);
  });

  it("keeps no file name in the browser", async () => {
    const before = bench();
    before.queue.add([picked("Doe^Jane/IM1.dcm")], "A", "7");
    await ticks();
    before.open.get("Doe^Jane/IM1.dcm")?.answer([accepted("row")]);
    before.ledger.save();
    expect(before.shelf.all()).not.toContain("Doe");
  });

  it("can be forgotten, and what cannot be read is no upload", async () => {
    const shelf = await broken();
    const after = bench(shelf);
    after.queue.forgetUnfinished();
    expect(after.queue.unfinished("7")).toBeNull();
    shelf.setItem("hepastage.unfinished-upload", '{"upload": 5');
    expect(bench(shelf).queue.unfinished("7")).toBeNull();
  });
});

describe("many files", () => {
  it("asks before it sends a large one", async () => {
    const { queue, asked, sends } = bench(new Shelf(), { large: accepted("row") });
    queue.add([picked("large", 5 * 2 ** 20), picked("small")]);
    await ticks();
    expect(asked).toEqual(["large"]);
    expect(sends()).toBe(1);
  });

  it("5,000 are sent in seconds of the browser's time, and all told apart", async () => {
    const { queue, open, states } = bench();
    const paths = Array.from({ length: 5000 }, (_, index) => `exam/IM_${String(index)}.dcm`);
    const began = performance.now();
    queue.add(paths.map((path) => picked(path)));
    for (const path of paths) {
      while (!open.has(path)) await Promise.resolve();
      open.get(path)?.answer([accepted(path)]);
      if (open.size % 50 === 0) queue.snapshot();
    }
    await ticks();
    expect(new Set(states())).toEqual(new Set(["done"]));
    expect(performance.now() - began).toBeLessThan(4000);
    expect(new Set(paths.map((path) => fingerprint(picked(path)))).size).toBe(5000);
  });

  it("retries all that failed at once", async () => {
    const { queue, open, states } = bench();
    queue.add([picked("a"), picked("b")]);
    await ticks();
    for (const one of open.values()) one.refuse(new ApiProblem(413, {}));
    await ticks();
    expect(states()).toEqual(["failed", "failed"]);
    queue.retryAll();
    await ticks();
    expect(states()).toEqual(["sending", "sending"]);
  });
});
