import { describe, expect, it } from "vitest";
import { ApiProblem } from "~/api/problem";
import type { FileResult } from "~/api/types";
import type { PickedFile } from "./collect";
import { isBusy, PARALLEL, shareSent, UploadQueue } from "./queue";

const picked = (path: string, size = 100): PickedFile => ({ file: { name: path, size } as File, path });
const accepted = (name: string) => ({ id: name, name, outcome: "accepted" }) as FileResult;
const ticks = async (count = 20) => {
  for (let index = 0; index < count; index += 1) await Promise.resolve();
};

/** A server whose answers the test gives one by one. */
function bench() {
  const open = new Map<string, { answer: (results: FileResult[]) => void; refuse: (problem: ApiProblem) => void }>();
  let starts = 0;
  let sends = 0;
  const pauses: number[] = [];
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
    },
    (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  );
  const states = () => queue.snapshot().items.map((item) => item.state);
  return { queue, open, states, pauses, starts: () => starts, sends: () => sends };
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
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await ticks();
      open.get("a")?.refuse(new ApiProblem(503, {}));
    }
    await ticks();
    expect(states()).toEqual(["failed"]);
    expect(pauses).toEqual([1000, 2000]);
    queue.retry(1);
    await ticks();
    expect(states()).toEqual(["sending"]);
    expect(sends()).toBe(4);
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
