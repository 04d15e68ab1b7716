/** The outline over the picture: SVG in pixels of the frame, and what the pointer does with each tool. */
import { useResizeObserver } from "@mantine/hooks";
import { type PointerEvent, useRef, useState } from "react";
import { type Box, scaleOf, toImage, type View } from "~/viewer/view";
import { painted } from "./brush";
import { boxPolygon, clamped, type Corner, encloses, isInside, isSimple, nearestEdge, pointsOf, type Polygon } from "./geometry";
import type { Draft } from "./journal";
import type { Tool } from "./keys";

export interface Selection {
  polygon: number;
  corner: number | null;
}

interface OverlayProps {
  draft: Draft;
  tool: Tool;
  /** Of brush and eraser, in pixels of the frame. */
  radius: number;
  view: View;
  box: Box;
  frame: { columns: number; rows: number };
  selected: Selection | null;
  select: (selection: Selection | null) => void;
  draw: (draft: Partial<Draft>) => void;
}

/** Pixels of the screen within which a corner or an edge is meant. */
const REACH_PX = 9;
const HANDLE_PX = 4.5;
const LINE = { sure: "#ffd43b", crossing: "#ff6b6b", drawing: "#74e0ea" };

interface Gesture {
  kind: "box" | "stroke" | "corner" | "polygon";
  points: Corner[];
  /** The corner or polygon that is being moved, as it was. */
  selection?: Selection;
  before?: Polygon;
}

export function OutlineOverlay(props: OverlayProps) {
  const { draft, tool, radius, view, box, frame, selected, select, draw } = props;
  const [watch, rectangle] = useResizeObserver<HTMLDivElement>();
  const [gesture, setGesture] = useState<Gesture | null>(null);
  const [hover, setHover] = useState<Corner | null>(null);
  const held = useRef<Gesture | null>(null);
  const size = { width: rectangle.width, height: rectangle.height };
  const scale = size.width ? scaleOf(view, box, size) : 1;
  const origin = size.width ? toImage(view, box, size, { x: 0, y: 0 }) : { x: 0, y: 0 };
  const paints = tool === "brush" || tool === "eraser";

  function cornerAt(event: PointerEvent<SVGSVGElement>): Corner {
    const place = event.currentTarget.getBoundingClientRect();
    // As large as it is now: the observer may not have told yet, and a corner would land at the frame's edge.
    return clamped(toImage(view, box, place, { x: event.clientX - place.left, y: event.clientY - place.top }), frame);
  }

  function change(next: Gesture | null) {
    held.current = next;
    setGesture(next);
  }

  function press(event: PointerEvent<SVGSVGElement>) {
    // The view keeps the other buttons and Shift: zooming, panning and window work with every tool.
    if (tool === "view" || event.button !== 0 || event.shiftKey) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.closest<HTMLElement>("[role=application]")?.focus();
    const at = cornerAt(event);
    if (tool === "box") change({ kind: "box", points: [at, at] });
    else if (paints) change({ kind: "stroke", points: [at] });
    else if (tool === "polygon") addCorner(at);
    else grab(at, event.altKey);
  }

  function addCorner(at: Corner) {
    const [first] = draft.open;
    if (first && draft.open.length >= 3 && near(first, at)) {
      if (encloses(draft.open)) draw({ polygons: [...draft.polygons, draft.open], open: [], origin: "polygon" });
      return;
    }
    draw({ open: [...draft.open, at] });
  }

  function near(a: Corner, b: Corner): boolean {
    return Math.hypot(a[0] - b[0], a[1] - b[1]) * scale <= REACH_PX;
  }

  /** A corner under the pointer, else a new one on an edge (Alt), else the polygon around it. */
  function grab(at: Corner, adds: boolean) {
    for (const [number, polygon] of draft.polygons.entries()) {
      const corner = polygon.findIndex((one) => near(one, at));
      if (corner >= 0) {
        select({ polygon: number, corner });
        change({ kind: "corner", points: [at], selection: { polygon: number, corner }, before: polygon });
        return;
      }
      const edge = nearestEdge(polygon, at);
      if (edge.distance * scale <= REACH_PX && (adds || selected?.polygon === number)) {
        const before = [...polygon.slice(0, edge.after + 1), at, ...polygon.slice(edge.after + 1)];
        const selection = { polygon: number, corner: edge.after + 1 };
        select(selection);
        change({ kind: "corner", points: [at], selection, before });
        return;
      }
    }
    const number = draft.polygons.findIndex((polygon) => isInside(polygon, at));
    select(number < 0 ? null : { polygon: number, corner: null });
    const polygon = draft.polygons[number];
    if (polygon) change({ kind: "polygon", points: [at, at], selection: { polygon: number, corner: null }, before: polygon });
  }

  function move(event: PointerEvent<SVGSVGElement>) {
    const at = cornerAt(event);
    setHover(at);
    const now = held.current;
    if (!now) return;
    event.stopPropagation();
    const [first] = now.points;
    if (now.kind === "stroke") change({ ...now, points: [...now.points, at] });
    else if (now.kind === "corner") change({ ...now, points: [at] });
    else if (first) change({ ...now, points: [first, at] });
  }

  function release(event: PointerEvent<SVGSVGElement>) {
    const now = held.current;
    if (!now) return;
    event.stopPropagation();
    change(null);
    const [first, last] = [now.points[0], now.points.at(-1)];
    if (!first || !last) return;
    if (now.kind === "box") {
      const polygon = boxPolygon(first, last);
      if (encloses(polygon) && !near(first, last)) draw({ polygons: [...draft.polygons, polygon], origin: "box" });
    } else if (now.kind === "stroke") {
      const stroke = { points: now.points, radius, erases: tool === "eraser" };
      select(null);
      draw({ polygons: painted(draft.polygons, stroke, frame), origin: "brush" });
    } else if (now.selection) {
      const polygon = shifted(now);
      const known = draft.polygons[now.selection.polygon];
      if (polygon && known && encloses(polygon) && pointsOf(polygon) !== pointsOf(known)) {
        draw({ polygons: draft.polygons.with(now.selection.polygon, polygon), origin: "polygon" });
      }
    }
  }

  /** The polygon that is being moved, as it is now. */
  function shifted(now: Gesture): Polygon | null {
    const [first, last] = [now.points[0], now.points.at(-1)];
    if (!now.before || !now.selection || !first || !last) return null;
    if (now.selection.corner !== null) return now.before.with(now.selection.corner, last);
    const [dx, dy] = [last[0] - first[0], last[1] - first[1]];
    return now.before.map(([x, y]) => clamped({ x: x + dx, y: y + dy }, frame));
  }

  const moving = gesture ? shifted(gesture) : null;
  const shown = draft.polygons.map((polygon, number) =>
    moving && gesture?.selection?.polygon === number ? moving : polygon,
  );
  const [boxFrom, boxTo] = gesture?.kind === "box" ? gesture.points : [];
  const line = 2 / scale;
  return (
    <div ref={watch} style={{ position: "absolute", inset: 0, zIndex: 1, pointerEvents: "none" }}>
      <svg
        data-testid="outline-overlay"
        data-tool={tool}
        aria-hidden
        width="100%"
        height="100%"
        style={{ position: "absolute", inset: 0, pointerEvents: tool === "view" ? "none" : "auto", cursor: paints ? "none" : "crosshair" }}
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={release}
        onPointerCancel={release}
        onPointerLeave={() => {
          setHover(null);
        }}
      >
        <g transform={`scale(${scale}) translate(${-origin.x} ${-origin.y})`}>
          {shown.map((polygon, number) => {
            const sure = isSimple(polygon);
            return (
              <polygon
                key={number}
                data-testid="outline-polygon"
                data-crossing={!sure}
                points={pointsOf(polygon)}
                fill={sure ? LINE.sure : LINE.crossing}
                fillOpacity={selected?.polygon === number ? 0.26 : 0.14}
                stroke={sure ? LINE.sure : LINE.crossing}
                strokeWidth={line}
                strokeLinejoin="round"
              />
            );
          })}
          {tool === "edit"
            ? shown.map((polygon, number) =>
                polygon.map(([x, y], corner) => {
                  const chosen = selected?.polygon === number && selected.corner === corner;
                  return (
                    <circle
                      key={`${number}-${corner}`}
                      data-testid="outline-corner"
                      data-selected={chosen}
                      cx={x}
                      cy={y}
                      r={(chosen ? HANDLE_PX * 1.5 : HANDLE_PX) / scale}
                      fill={chosen ? LINE.drawing : "#fff"}
                      stroke="#000"
                      strokeWidth={1 / scale}
                    />
                  );
                }),
              )
            : null}
          {draft.open.length ? (
            <g data-testid="outline-open" data-corners={draft.open.length}>
              <polyline
                points={pointsOf(hover && tool === "polygon" ? [...draft.open, hover] : draft.open)}
                fill="none"
                stroke={LINE.drawing}
                strokeWidth={line}
              />
              {draft.open.map(([x, y], index) => (
                <circle key={index} cx={x} cy={y} r={HANDLE_PX / scale} fill={index ? "#fff" : LINE.drawing} stroke="#000" strokeWidth={1 / scale} />
              ))}
            </g>
          ) : null}
          {boxFrom && boxTo ? (
            <polygon points={pointsOf(boxPolygon(boxFrom, boxTo))} fill={LINE.drawing} fillOpacity={0.12} stroke={LINE.drawing} strokeWidth={line} />
          ) : null}
          {gesture?.kind === "stroke" ? (
            <polyline
              points={pointsOf(gesture.points)}
              fill="none"
              stroke={tool === "eraser" ? LINE.crossing : LINE.drawing}
              strokeOpacity={0.45}
              strokeWidth={radius * 2}
              strokeLinecap="round"
              strokeLinejoin="round"
            />
          ) : null}
          {paints && hover ? (
            <circle cx={hover[0]} cy={hover[1]} r={radius} fill="none" stroke={tool === "eraser" ? LINE.crossing : LINE.drawing} strokeWidth={line} />
          ) : null}
        </g>
      </svg>
    </div>
  );
}
