import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { Feed, type FeedDoors, type Presence } from "./feed";
import { TIMING } from "./jobStream";
import { openSocket } from "./useJob";

const doors: FeedDoors = {
  openSocket,
  answers: () =>
    fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(TIMING.longestRetry) }).then(
      () => true,
      () => false,
    ),
};

/** Follows the feed while the component is there; says whether the server is. */
export function useFeed(): Presence {
  const client = useQueryClient();
  const feed = useMemo(() => new Feed(client, doors), [client]);
  useEffect(() => {
    feed.start();
    return () => {
      feed.stop();
    };
  }, [feed]);
  return useSyncExternalStore(feed.subscribe, feed.snapshot);
}
