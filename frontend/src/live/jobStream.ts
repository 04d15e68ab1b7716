/**
 * Follows one job until it settles: rows over the socket, the truth from `/events/?after=N`.
 *
 * A lost socket is opened again with growing pauses and asks for what came after the last row it has. While it
 * cannot be opened the stream polls, so that the page keeps moving behind a proxy that refuses sockets.
 */
import type { EventPage, EventRow, Job, JobState } from "~/api/types";
import { EMPTY_LOG, type EventLog, foldRows, hasGap } from "./eventLog";
import { Listeners } from "./listeners";

export type Connection = "connecting" | "live" | "polling" | "settled";

export interface JobView {
  readonly job: Job | null;
  readonly log: EventLog;
  readonly connection: Connection;
  readonly error: unknown;
}

export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((message: { data: string }) => void) | null;
  onclose: (() => void) | null;
  close(): void;
}

export interface StreamDoors {
  fetchJob(id: string): Promise<Job>;
  fetchEvents(id: string, after: number): Promise<EventPage>;
  openSocket(path: string): SocketLike;
}

export const TIMING = {
  firstRetry: 500,
  /** A page may be wrong for ten seconds at most (docs/results/faults.md). */
  longestRetry: 4_000,
  poll: 2_000,
  /** A running job that says nothing for this long is asked once: the last hint may have been lost. */
  silence: 8_000,
  batch: 60,
};

export function isSettled(state: JobState | undefined): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}

export class JobStream {
  private view: JobView = { job: null, log: EMPTY_LOG, connection: "connecting", error: null };
  private readonly listeners = new Listeners();
  readonly subscribe = this.listeners.subscribe;
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private socket: SocketLike | null = null;
  private inbox: EventRow[] = [];
  private retries = 0;
  private catchingUp: Promise<void> | null = null;
  private stopped = true;

  constructor(
    private readonly id: string,
    private readonly doors: StreamDoors,
  ) {}

  readonly snapshot = (): JobView => this.view;

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    void this.catchUp();
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.closeSocket();
  }

  /** A cancelled or failed job was sent back to the queue: follow it again. */
  restart(): void {
    this.stop();
    this.retries = 0;
    const { job } = this.view;
    this.set({ connection: "connecting", job: job && { ...job, state: "queued", failure: null } });
    this.start();
  }

  private set(change: Partial<JobView>): void {
    this.view = { ...this.view, ...change };
    this.listeners.tell();
  }

  private later(name: string, delay: number, action: () => void): void {
    const running = this.timers.get(name);
    if (running) clearTimeout(running);
    this.timers.set(
      name,
      setTimeout(() => {
        this.timers.delete(name);
        if (!this.stopped) action();
      }, delay),
    );
  }

  private closeSocket(): void {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private connect(): void {
    if (this.stopped || this.socket) return;
    const socket = this.doors.openSocket(`/ws/jobs/${this.id}/?after=${this.view.log.lastSeq}`);
    this.socket = socket;
    socket.onopen = () => {
      this.retries = 0;
      this.set({ connection: "live" });
      this.listenForSilence();
    };
    socket.onmessage = (message) => {
      this.receive(message.data);
    };
    socket.onclose = () => {
      this.socket = null;
      if (this.stopped || isSettled(this.view.job?.state)) return;
      this.set({ connection: "polling" });
      const pause = Math.min(TIMING.longestRetry, TIMING.firstRetry * 2 ** this.retries);
      this.retries += 1;
      this.later("reconnect", pause, () => {
        this.connect();
      });
      this.later("poll", Math.min(pause, TIMING.poll), () => {
        this.poll();
      });
    };
  }

  private poll(): void {
    if (this.view.connection === "live" || this.view.connection === "settled") return;
    void this.catchUp().then(() => {
      this.later("poll", TIMING.poll, () => {
        this.poll();
      });
    });
  }

  private listenForSilence(): void {
    this.later("silence", TIMING.silence, () => {
      void this.catchUp().then(() => {
        if (!isSettled(this.view.job?.state)) this.listenForSilence();
      });
    });
  }

  private receive(text: string): void {
    const message = JSON.parse(text) as { type?: string } & Record<string, unknown>;
    if (this.view.connection === "live") this.listenForSilence();
    if (message.type === "job") {
      this.adoptJob(message as unknown as Job);
    } else if (message.type === "event") {
      this.inbox.push(message as unknown as EventRow);
      if (!this.timers.has("batch")) {
        this.later("batch", TIMING.batch, () => {
          this.emptyInbox();
        });
      }
    }
  }

  private emptyInbox(): void {
    const rows = this.inbox;
    this.inbox = [];
    const log = foldRows(this.view.log, rows);
    if (log !== this.view.log) this.set({ log });
    if (hasGap(log)) void this.catchUp();
  }

  private adoptJob(job: Job): void {
    const { last_seq: lastSeq = 0 } = job;
    this.set({ job, error: null });
    if (lastSeq > this.view.log.lastSeq + this.inbox.length) void this.catchUp();
    else if (isSettled(job.state)) this.settle();
  }

  private settle(): void {
    this.emptyInbox();
    if (this.view.job && this.view.job.last_seq > this.view.log.lastSeq) {
      void this.catchUp();
      return;
    }
    this.set({ connection: "settled" });
    this.closeSocket();
    for (const name of ["silence", "poll", "reconnect"]) {
      const timer = this.timers.get(name);
      if (timer) clearTimeout(timer);
      this.timers.delete(name);
    }
  }

  /** Reads the job and every row after the last one held; concurrent callers share one request. */
  catchUp(): Promise<void> {
    this.catchingUp ??= this.readAll().finally(() => {
      this.catchingUp = null;
    });
    return this.catchingUp;
  }

  private async readAll(): Promise<void> {
    try {
      let page: EventPage;
      do {
        const after = this.view.log.lastSeq;
        page = await this.doors.fetchEvents(this.id, after);
        if (this.stopped) return;
        const log = foldRows(this.view.log, page.events, true);
        if (log !== this.view.log) this.set({ log });
        if (log.lastSeq === after) break;
      } while (this.view.log.lastSeq < page.last_seq);
      const job = await this.doors.fetchJob(this.id);
      if (this.stopped) return;
      this.set({ job, error: null });
      if (isSettled(job.state)) {
        if (job.last_seq > this.view.log.lastSeq && page.events.length) await this.readAll();
        else this.settle();
      }
    } catch (error) {
      if (!this.stopped) this.set({ error });
    }
  }
}
