import { Box } from "@mantine/core";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { type Command, commandOf } from "./hotkeys";
import { type Renderer, rendererFor } from "./renderer";
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
}

/** The drawing surface: pointer, wheel and keys in, pixels out. */
export function FrameCanvas({ bitmap, box, view, label, describedBy, change, command }: FrameCanvasProps) {
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement | null>(null);
  const renderer = useRef<Renderer | null>(null);
  const latest = useRef({ view, box, change });
  const drag = useRef<{ x: number; y: number; pans: boolean } | null>(null);
  const [kind, setKind] = useState<string>("");
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const [lost, setLost] = useState(0);

  useEffect(() => {
    latest.current = { view, box, change };
  });

  useEffect(() => {
    const home = host.current;
    if (!home) return undefined;
    // A canvas of its own for each renderer: a context once lost cannot be had again from the same canvas.
    const element = document.createElement("canvas");
    element.style.cssText = "position:absolute;inset:0;width:100%;height:100%;display:block";
    element.setAttribute("aria-hidden", "true");
    home.append(element);
    canvas.current = element;
    const drawer = rendererFor(element);
    renderer.current = drawer;
    setKind(drawer.kind);
    let closing = false;
    element.addEventListener("webglcontextlost", () => {
      if (!closing) setLost((times) => times + 1);
    });
    const fit = () => {
      const ratio = window.devicePixelRatio || 1;
      element.width = Math.max(1, Math.round(home.clientWidth * ratio));
      element.height = Math.max(1, Math.round(home.clientHeight * ratio));
      setSize({ width: element.width, height: element.height });
    };
    const watch = new ResizeObserver(fit);
    watch.observe(home);
    fit();
    const wheel = (event: WheelEvent) => {
      const { view: held, box: fit, change: report } = latest.current;
      event.preventDefault();
      const place = element.getBoundingClientRect();
      const ratio = element.width / place.width;
      const at = { x: (event.clientX - place.left) * ratio, y: (event.clientY - place.top) * ratio };
      report(zoomedAt(held, Math.exp(-event.deltaY * 0.0015), fit, element, at));
    };
    home.addEventListener("wheel", wheel, { passive: false });
    return () => {
      closing = true;
      watch.disconnect();
      home.removeEventListener("wheel", wheel);
      drawer.close();
      element.remove();
      renderer.current = null;
    };
  }, [lost]);

  useEffect(() => {
    if (!bitmap || !renderer.current) return;
    renderer.current.load(bitmap);
  }, [bitmap, lost, kind]);

  useEffect(() => {
    if (bitmap && renderer.current && size.width) renderer.current.draw(view, box);
  }, [bitmap, view, box, size, lost, kind]);

  function ratio(): number {
    return canvas.current ? canvas.current.width / Math.max(1, canvas.current.clientWidth) : 1;
  }

  function press(event: PointerEvent) {
    if (!bitmap) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, pans: event.shiftKey || event.button !== 0 };
  }

  function move(event: PointerEvent) {
    const from = drag.current;
    if (!from || !canvas.current) return;
    const dx = event.clientX - from.x;
    const dy = event.clientY - from.y;
    drag.current = { ...from, x: event.clientX, y: event.clientY };
    if (from.pans) change(panned(view, dx * ratio(), dy * ratio(), box, canvas.current));
    else change(windowed(view, dx, -dy * 0.5));
  }

  function key(event: KeyboardEvent) {
    const wanted = commandOf(event);
    if (!wanted || !canvas.current) return;
    event.preventDefault();
    command(wanted, canvas.current);
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
    />
  );
}
