import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventRow, Job } from "~/api/types";
import { JobStream, type SocketLike, TIMING } from "./jobStream";

class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  closed = false;
  constructor(readonly path: string) {}
  close(): void {
    this.closed = true;
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

/** A server that holds rows, with sockets that the test opens, feeds and cuts. */
class FakeServer {
  rows: EventRow[] = [];
  state: Job["state"] = "running";
  sockets: FakeSocket[] = [];
  reads: number[] = [];

  add(count: number): EventRow[] {
    const added = Array.from({ length: count }, (_, index) => ({
      seq: this.rows.length + index + 1,
      attempt: 1,
      kind: "note",
      data: {},
      at: "2026-01-01T00:00:00Z",
    }));
    this.rows.push(...added);
    return added;
  }

  job(): Job {
    return { id: "j", state: this.state, last_seq: this.rows.length } as Job;
  }

  doors = {
    fetchJob: () => Promise.resolve(this.job()),
    fetchEvents: (_id: string, after: number) => {
      this.reads.push(after);
      return Promise.resolve({
        events: this.rows.filter((row) => row.seq > after).slice(0, 50),
        last_seq: this.rows.length,
        state: this.state,
      });
    },
    openSocket: (path: string) => {
      const socket = new FakeSocket(path);
      this.sockets.push(socket);
      return socket;
    },
  };

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  }
}

describe("job stream", () => {
  let server: FakeServer;
  let stream: JobStream;
  const held = () => stream.snapshot().log.rows.map((row) => row.seq);
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  beforeEach(() => {
    vi.useFakeTimers();
    server = new FakeServer();
    stream = new JobStream("j", server.doors);
  });
  afterEach(() => {
    stream.stop();
    vi.useRealTimers();
  });

  it("reads everything so far, page by page, then follows the socket", async () => {
    server.add(120);
    stream.start();
    server.socket.onopen?.();
    await vi.advanceTimersByTimeAsync(100);
    expect(held()).toEqual(upTo(120));
    for (const row of server.add(2)) server.socket.say({ type: "event", ...row });
    await vi.advanceTimersByTimeAsync(TIMING.batch);
    expect(held()).toEqual(upTo(122));
    expect(stream.snapshot().connection).toBe("live");
  });

  it("asks for what is missing when the socket skips rows", async () => {
    stream.start();
    server.socket.onopen?.();
    await vi.advanceTimersByTimeAsync(10);
    const added = server.add(5);
    server.socket.say({ type: "event", ...added[4] });
    await vi.advanceTimersByTimeAsync(TIMING.batch + 10);
    expect(held()).toEqual(upTo(5));
  });

  it("reconnects with growing pauses, asks after its last row, and polls meanwhile", async () => {
    server.add(3);
    stream.start();
    server.socket.onopen?.();
    await vi.advanceTimersByTimeAsync(10);
    server.socket.onclose?.();
    expect(stream.snapshot().connection).toBe("polling");
    await vi.advanceTimersByTimeAsync(TIMING.firstRetry + 1);
    expect(server.sockets).toHaveLength(2);
    expect(server.socket.path).toContain("after=3");
    server.socket.onclose?.();
    await vi.advanceTimersByTimeAsync(TIMING.firstRetry + 1);
    expect(server.sockets).toHaveLength(2);
    server.add(4);
    await vi.advanceTimersByTimeAsync(TIMING.poll);
    expect(held()).toEqual(upTo(7));
    server.socket.onopen?.();
    expect(stream.snapshot().connection).toBe("live");
  });

  it("asks by itself when a running job falls silent: the last hint was lost", async () => {
    stream.start();
    server.socket.onopen?.();
    await vi.advanceTimersByTimeAsync(10);
    server.add(2);
    await vi.advanceTimersByTimeAsync(TIMING.silence + 10);
    expect(held()).toEqual([1, 2]);
  });

  it("settles with the whole log, closes the socket and stays quiet", async () => {
    stream.start();
    server.socket.onopen?.();
    await vi.advanceTimersByTimeAsync(10);
    server.add(4);
    server.state = "succeeded";
    server.socket.say({ type: "job", ...server.job() });
    await vi.advanceTimersByTimeAsync(100);
    expect(stream.snapshot().connection).toBe("settled");
    expect(held()).toEqual(upTo(4));
    expect(server.socket.closed).toBe(true);
    const reads = server.reads.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.reads).toHaveLength(reads);
  });

  it("follows again after a resume and keeps the rows of the first attempt", async () => {
    server.add(2);
    server.state = "cancelled";
    stream.start();
    await vi.advanceTimersByTimeAsync(10);
    expect(stream.snapshot().connection).toBe("settled");
    server.state = "running";
    server.add(1);
    stream.restart();
    await vi.advanceTimersByTimeAsync(10);
    expect(held()).toEqual([1, 2, 3]);
    expect(stream.snapshot().job?.state).toBe("running");
  });
});
