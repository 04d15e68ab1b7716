/** The site-wide feed: a hint that some job moved. Lists that could show it are read again, at most twice a second. */
import type { QueryClient } from "@tanstack/react-query";
import { type SocketLike, TIMING } from "./jobStream";
import { Listeners } from "./listeners";

/** Query families that may show a job of a kind. */
export function familiesOf(kind: string): string[] {
  const room = kind.split(".")[0] ?? "";
  const families: Record<string, string[]> = {
    training: ["runs", "experiments", "models"],
    staging: ["exams", "stagings"],
    datasets: ["datasets"],
    segmentation: ["segmenters"],
    operations: ["demonstration", "datasets", "runs", "models", "exams"],
    imaging: ["exams", "uploads"],
  };
  return ["jobs", ...(families[room] ?? [])];
}

/** Whether what lists show can be believed: `away` when neither the socket nor a request is answered. */
export type Presence = "here" | "away";

export interface FeedDoors {
  openSocket(path: string): SocketLike;
  /** Whether the server answers a request, whatever it says. */
  answers(): Promise<boolean>;
}

export class Feed {
  private presence: Presence = "here";
  private readonly listeners = new Listeners();
  readonly subscribe = this.listeners.subscribe;
  private readonly stale = new Set<string>();
  private socket: SocketLike | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retries = 0;
  private stopped = true;

  constructor(
    private readonly client: Pick<QueryClient, "invalidateQueries">,
    private readonly doors: FeedDoors,
  ) {}

  readonly snapshot = (): Presence => this.presence;

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    if (this.socket) this.socket.onclose = null;
    this.socket?.close();
  }

  private connect(): void {
    this.socket = this.doors.openSocket("/ws/feed/");
    this.socket.onopen = () => {
      if (this.retries) void this.client.invalidateQueries();
      this.retries = 0;
      this.show("here");
    };
    this.socket.onmessage = ({ data }) => {
      const message = JSON.parse(data) as { type?: string; kind?: string };
      if (message.type === "job") this.refreshSoon(message.kind ?? "");
    };
    this.socket.onclose = () => {
      if (!this.stopped) void this.lost();
    };
  }

  /** A restart of the server or a proxy that refuses sockets: a request tells which of them it is. */
  private async lost(): Promise<void> {
    const pause = Math.min(TIMING.longestRetry, TIMING.firstRetry * 2 ** this.retries);
    this.retries += 1;
    this.timer = setTimeout(() => {
      this.connect();
    }, pause);
    const answered = await this.doors.answers();
    if (this.stopped || !this.retries) return;
    if (answered) void this.client.invalidateQueries({ queryKey: ["jobs"] });
    this.show(answered ? "here" : "away");
  }

  private refreshSoon(kind: string): void {
    const idle = this.stale.size === 0;
    for (const family of familiesOf(kind)) this.stale.add(family);
    if (!idle) return;
    setTimeout(() => {
      const families = [...this.stale];
      this.stale.clear();
      if (!this.stopped) for (const family of families) void this.client.invalidateQueries({ queryKey: [family] });
    }, 500);
  }

  private show(presence: Presence): void {
    if (presence === this.presence) return;
    this.presence = presence;
    this.listeners.tell();
  }
}
