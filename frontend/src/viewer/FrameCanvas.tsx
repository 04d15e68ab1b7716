import { Box } from "@mantine/core";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { type Command, commandOf } from "./hotkeys";
import { Stage } from "./Stage";
import { type Box as Region, panned, type Size, type View, windowed, zoomedAt } from "./view";

interface FrameCanvasProps {
  bitmap: ImageBitmap | null;
  /** What the view is fitted to. */
  box: Region;
  view: View;
  label: string;
  describedBy: string;
  change: (view: View) => void;
  command: (command: Command, canvas: Size) => void;
  /** What is drawn over the picture; it may stop pointer events before they reach the view. */
  children?: ReactNode;
}

/** The drawing surface: pointer, wheel and keys in, pixels out. */
export function FrameCanvas({ bitmap, box, view, label, describedBy, change, command, children }: FrameCanvasProps) {
  const host = useRef<HTMLDivElement>(null);
  const surface = useRef<Stage | null>(null);
  const latest = useRef({ view, box, change });
  const drag = useRef<{ x: number; y: number; pans: boolean } | null>(null);
  const [kind, setKind] = useState<string>("");
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });

  useEffect(() => {
    latest.current = { view, box, change };
  });

  useEffect(() => {
    const home = host.current;
    if (!home) return undefined;
    const stage = new Stage(home, setKind);
    surface.current = stage;
    const fit = () => {
      setSize(stage.fit());
    };
    const watch = new ResizeObserver(fit);
    watch.observe(home);
    fit();
    const wheel = (event: WheelEvent) => {
      const { view: held, box: fitted, change: report } = latest.current;
      event.preventDefault();
      const place = home.getBoundingClientRect();
      const canvas = stage.size;
      const ratio = canvas.width / place.width;
      const at = { x: (event.clientX - place.left) * ratio, y: (event.clientY - place.top) * ratio };
      report(zoomedAt(held, Math.exp(-event.deltaY * 0.0015), fitted, canvas, at));
    };
    home.addEventListener("wheel", wheel, { passive: false });
    return () => {
      watch.disconnect();
      home.removeEventListener("wheel", wheel);
      stage.close();
      surface.current = null;
    };
  }, []);

  useEffect(() => {
    if (bitmap) surface.current?.load(bitmap);
  }, [bitmap]);

  useEffect(() => {
    if (bitmap && size.width) surface.current?.draw(view, box);
  }, [bitmap, view, box, size]);

  function ratio(): number {
    return size.width / Math.max(1, host.current?.clientWidth ?? 1);
  }

  function press(event: PointerEvent) {
    if (!bitmap) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, pans: event.shiftKey || event.button !== 0 };
  }

  function move(event: PointerEvent) {
    const from = drag.current;
    if (!from) return;
    const dx = event.clientX - from.x;
    const dy = event.clientY - from.y;
    drag.current = { ...from, x: event.clientX, y: event.clientY };
    if (from.pans) change(panned(view, dx * ratio(), dy * ratio(), box, size));
    else change(windowed(view, dx, -dy * 0.5));
  }

  function key(event: KeyboardEvent) {
    const wanted = commandOf(event);
    if (!wanted) return;
    event.preventDefault();
    command(wanted, size);
  }

  return (
    <Box
      ref={host}
      role="application"
      aria-label={label}
      aria-describedby={describedBy}
      tabIndex={0}
      className="frame-canvas"
      data-testid="frame-canvas"
      data-renderer={kind}
      style={{ position: "absolute", inset: 0, background: "#000", touchAction: "none", cursor: "crosshair" }}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
      onContextMenu={(event) => {
        event.preventDefault();
      }}
      onKeyDown={key}
    >
      {children}
    </Box>
  );
}
