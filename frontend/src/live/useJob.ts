import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { api } from "~/api/endpoints";
import { JobStream, type JobView, type SocketLike } from "./jobStream";

export function openSocket(path: string): SocketLike {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(`${scheme}//${location.host}${path}`) as unknown as SocketLike;
}

const doors = { fetchJob: api.job, fetchEvents: api.jobEvents, openSocket };

export interface FollowedJob extends JobView {
  /** Follow again after the job was sent back to the queue. */
  restart: () => void;
}

/** The live view of a job; `null` follows nothing. */
export function useJob(id: string | null): FollowedJob | null {
  const stream = useMemo(() => (id ? new JobStream(id, doors) : null), [id]);
  const [idle] = useState(() => () => () => undefined);
  const view = useSyncExternalStore<JobView | null>(
    stream ? stream.subscribe : idle,
    stream ? stream.snapshot : () => null,
  );
  useEffect(() => {
    if (!stream) return undefined;
    stream.start();
    return () => {
      stream.stop();
    };
  }, [stream]);
  return useMemo(
    () =>
      view && stream
        ? {
            ...view,
            restart: () => {
              stream.restart();
            },
          }
        : null,
    [view, stream],
  );
}
