import { useEffect, useMemo, useRef, useState } from "react";
import { frameDue, rateOf } from "./cine";
import { FrameStore } from "./frames";

export interface FrameSource {
  id: string;
  frame_count: number;
  frame_rate_hz: number | null;
}

export interface FrameView {
  bitmap: ImageBitmap | null;
  /** Which image and frame `bitmap` is. */
  shown: { image: string; frame: number } | null;
  failed: boolean;
  loaded: number;
}

/** The decoded frame to draw: the wanted one as soon as it is there, the one before until then. */
export function useFrame(source: FrameSource, frame: number): FrameView & { store: FrameStore } {
  const store = useMemo(() => new FrameStore(source.id, source.frame_count), [source.id, source.frame_count]);
  const [view, setView] = useState<FrameView>({ bitmap: null, shown: null, failed: false, loaded: 0 });
  useEffect(() => {
    store.open();
    return () => {
      store.close();
    };
  }, [store]);
  useEffect(() => {
    let gone = false;
    store.get(frame).then(
      (bitmap) => {
        if (gone) return;
        setView({ bitmap, shown: { image: store.image, frame }, failed: false, loaded: store.loaded });
      },
      (error: unknown) => {
        const closed = error instanceof DOMException && error.name === "AbortError";
        if (!gone && !closed) setView((held) => ({ ...held, failed: true }));
      },
    );
    return () => {
      gone = true;
    };
  }, [store, frame]);
  return { ...view, store };
}

/** Advances `frame` by the clock while playing; a frame that is not here yet holds the one before. */
export function useCine(
  source: FrameSource,
  store: FrameStore,
  frame: number,
  playing: boolean,
  show: (frame: number) => void,
): void {
  const latest = useRef({ frame, show });
  useEffect(() => {
    latest.current = { frame, show };
  });
  useEffect(() => {
    if (!playing || source.frame_count <= 1) return undefined;
    const first = latest.current.frame;
    void store.prefetch(first);
    const rate = rateOf(source.frame_rate_hz);
    let begun: number | null = null;
    let request = requestAnimationFrame(function tick(now) {
      begun ??= now;
      const due = frameDue(first, now - begun, rate, source.frame_count);
      if (due !== latest.current.frame && store.held(due)) latest.current.show(due);
      request = requestAnimationFrame(tick);
    });
    return () => {
      cancelAnimationFrame(request);
    };
  }, [playing, source.frame_count, source.frame_rate_hz, store]);
}
