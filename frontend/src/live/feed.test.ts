import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Feed } from "./feed";
import { type SocketLike, TIMING } from "./jobStream";

class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  close(): void {
    this.onclose?.();
  }
}

function house() {
  const sockets: FakeSocket[] = [];
  const newest = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  };
  const state = { answers: true };
  const read: unknown[] = [];
  const client = {
    invalidateQueries: (filters?: { queryKey?: readonly unknown[] }) => {
      read.push(filters?.queryKey?.[0] ?? "everything");
      return Promise.resolve();
    },
  };
  const feed = new Feed(client, {
    openSocket: () => {
      sockets.push(new FakeSocket());
      return newest();
    },
    answers: () => Promise.resolve(state.answers),
  });
  return { feed, sockets, newest, state, read };
}

describe("the feed of the house", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("says that the server is away while nothing answers, and reads everything again when it is back", async () => {
    const { feed, sockets, newest, state, read } = house();
    const heard = vi.fn();
    feed.subscribe(heard);
    feed.start();
    newest().onopen?.();
    expect(feed.snapshot()).toBe("here");
    state.answers = false;
    newest().close();
    await vi.advanceTimersByTimeAsync(0);
    expect(feed.snapshot()).toBe("away");
    expect(heard).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(TIMING.firstRetry);
    expect(sockets).toHaveLength(2);
    newest().onopen?.();
    expect(feed.snapshot()).toBe("here");
    expect(read).toContain("everything");
    feed.stop();
  });

  it("does not call a proxy that refuses sockets an absent server, and keeps the lists of jobs fresh", async () => {
    const { feed, newest, read } = house();
    feed.start();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      newest().close();
      await vi.advanceTimersByTimeAsync(TIMING.longestRetry);
    }
    expect(feed.snapshot()).toBe("here");
    expect(read.filter((family) => family === "jobs").length).toBeGreaterThanOrEqual(5);
    feed.stop();
  });

  it("tries again with growing pauses, and never longer than a page may be wrong", async () => {
    const { feed, sockets, newest, state } = house();
    state.answers = false;
    feed.start();
    for (let attempt = 1; attempt < 8; attempt += 1) {
      newest().close();
      await vi.advanceTimersByTimeAsync(TIMING.longestRetry);
      expect(sockets.length).toBe(attempt + 1);
    }
    feed.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets.length).toBe(8);
  });

  it("reads the lists that could show a job again, once for many hints", async () => {
    const { feed, newest, read } = house();
    feed.start();
    newest().onopen?.();
    for (let hint = 0; hint < 20; hint += 1) newest().onmessage?.({ data: '{"type": "job", "kind": "training.run"}' });
    await vi.advanceTimersByTimeAsync(500);
    expect(read.sort()).toEqual(["experiments", "jobs", "models", "runs"]);
    feed.stop();
  });
});
