/** The site-wide feed: a hint that some job moved. Lists that could show it are read again, at most twice a second. */
import type { QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { TIMING } from "./jobStream";
import { openSocket } from "./useJob";

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

export function followFeed(client: QueryClient): () => void {
  let stopped = false;
  let retries = 0;
  let socket: ReturnType<typeof openSocket> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stale = new Set<string>();

  function refreshSoon(kind: string): void {
    const idle = stale.size === 0;
    for (const family of familiesOf(kind)) stale.add(family);
    if (!idle) return;
    setTimeout(() => {
      const families = [...stale];
      stale.clear();
      if (!stopped) for (const family of families) void client.invalidateQueries({ queryKey: [family] });
    }, 500);
  }

  function connect(): void {
    socket = openSocket("/ws/feed/");
    socket.onopen = () => {
      if (retries) void client.invalidateQueries();
      retries = 0;
    };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data) as { type?: string; kind?: string };
      if (message.type === "job") refreshSoon(message.kind ?? "");
    };
    socket.onclose = () => {
      if (stopped) return;
      const pause = Math.min(TIMING.longestRetry, TIMING.firstRetry * 2 ** retries);
      retries += 1;
      timer = setTimeout(connect, pause);
    };
  }

  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    if (socket) socket.onclose = null;
    socket?.close();
  };
}

export function useFeed(): void {
  const client = useQueryClient();
  useEffect(() => followFeed(client), [client]);
}
