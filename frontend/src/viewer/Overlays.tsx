/** What lies over the picture, in pixels of the frame: where the network looked, the liver's outline, lengths. */
import { useResizeObserver } from "@mantine/hooks";
import { type PointerEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImageRow } from "~/api/types";
import { useFormats } from "~/ui/formats";
import { lengthIn, measured } from "./measure";
import { type Box, type Point, scaleOf, toImage, type View } from "./view";

export interface Line {
  from: Point;
  to: Point;
}

export interface AttentionPicture {
  href: string;
  /** Where the network's square lies in the frame. */
  box: Box;
}

interface OverlaysProps {
  image: Pick<ImageRow, "regions" | "rows" | "columns">;
  view: View;
  box: Box;
  outline: [number, number][][] | null;
  attention: AttentionPicture | null;
  opacity: number;
  measuring: boolean;
  lines: Line[];
  draw: (lines: Line[]) => void;
}

const AMBER = "#ffd43b";
const CYAN = "#74e0ea";
const RED = "#ff8787";
/** A shorter drag was a click. */
const SHORTEST_PX = 3;

export function Overlays(props: OverlaysProps) {
  const { image, view, box, outline, attention, opacity, measuring, lines, draw } = props;
  const { t } = useTranslation();
  const [watch, rectangle] = useResizeObserver<HTMLDivElement>();
  const [drawn, setDrawn] = useState<Line | null>(null);
  const size = { width: rectangle.width, height: rectangle.height };
  const known = size.width > 0;
  const scale = known ? scaleOf(view, box, size) : 1;
  const origin = known ? toImage(view, box, size, { x: 0, y: 0 }) : { x: 0, y: 0 };

  function pointAt(event: PointerEvent<SVGSVGElement>): Point {
    const place = event.currentTarget.getBoundingClientRect();
    // As large as it is now: the observer may not have told yet.
    const at = toImage(view, box, place, { x: event.clientX - place.left, y: event.clientY - place.top });
    return { x: Math.min(Math.max(at.x, 0), image.columns), y: Math.min(Math.max(at.y, 0), image.rows) };
  }

  function press(event: PointerEvent<SVGSVGElement>) {
    // The view keeps the other buttons and Shift: panning works while measuring, and so does the wheel.
    if (!measuring || event.button !== 0 || event.shiftKey) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.closest<HTMLElement>("[role=application]")?.focus();
    const at = pointAt(event);
    setDrawn({ from: at, to: at });
  }

  function move(event: PointerEvent<SVGSVGElement>) {
    if (!drawn) return;
    event.stopPropagation();
    setDrawn({ ...drawn, to: pointAt(event) });
  }

  function release(event: PointerEvent<SVGSVGElement>) {
    if (!drawn) return;
    event.stopPropagation();
    const line = { ...drawn, to: pointAt(event) };
    setDrawn(null);
    const pixels = Math.hypot(line.to.x - line.from.x, line.to.y - line.from.y) * scale;
    if (pixels >= SHORTEST_PX) draw([...lines, line]);
  }

  return (
    // Above the canvases, which the stage appends and replaces behind React's back.
    <div ref={watch} style={{ position: "absolute", inset: 0, zIndex: 1, pointerEvents: measuring ? "auto" : "none" }}>
      <svg
        width="100%"
        height="100%"
        role="img"
        aria-label={t("overlay.label")}
        viewBox={`${origin.x} ${origin.y} ${Math.max(1, size.width / scale)} ${Math.max(1, size.height / scale)}`}
        preserveAspectRatio="none"
        data-testid="overlays"
        onPointerDown={press}
        onPointerMove={move}
        onPointerUp={release}
        style={{ position: "absolute", inset: 0, cursor: measuring ? "crosshair" : undefined, touchAction: "none" }}
      >
        {attention ? (
          <image
            href={attention.href}
            x={attention.box.x}
            y={attention.box.y}
            width={attention.box.width}
            height={attention.box.height}
            preserveAspectRatio="none"
            opacity={opacity}
            data-testid="attention-overlay"
          />
        ) : null}
        {outline?.map((polygon, index) => (
          <polygon
            key={index}
            points={polygon.map(([x, y]) => `${x},${y}`).join(" ")}
            fill="none"
            stroke={AMBER}
            strokeWidth={2 / scale}
            data-testid="liver-outline"
          />
        ))}
        {[...lines, ...(drawn ? [drawn] : [])].map((line, index) => (
          <Length key={index} line={line} image={image} scale={scale} />
        ))}
      </svg>
    </div>
  );
}

/** A line with its length and unit beside it, or with the reason why it has none. */
function Length({ line, image, scale }: { line: Line; image: Pick<ImageRow, "regions">; scale: number }) {
  const { t } = useTranslation();
  const format = useFormats();
  const { from, to } = line;
  const found = measured(image, from, to);
  const refused = found.cm === undefined;
  let words: string;
  if (refused) words = t(`measure.refused.${found.refusal}`);
  else {
    const { value, digits, unit } = lengthIn(found.cm);
    words = t(`measure.${unit}`, { length: format.decimal(value, digits) });
  }
  const colour = refused ? RED : CYAN;
  const tick = 5 / scale;
  return (
    <g stroke={colour} strokeWidth={1.6 / scale} data-testid="measurement" data-cm={found.cm?.toFixed(4) ?? ""}>
      <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} strokeDasharray={refused ? `${4 / scale}` : undefined} />
      {[from, to].map((at, index) => (
        <path key={index} d={`M${at.x - tick},${at.y}h${2 * tick}M${at.x},${at.y - tick}v${2 * tick}`} />
      ))}
      <text
        x={to.x + 8 / scale}
        y={to.y - 8 / scale}
        style={{ fontSize: `${String(0.8125 / scale)}rem` }}
        fill={colour}
        stroke="#000"
        strokeWidth={3 / scale}
        paintOrder="stroke"
      >
        {words}
      </text>
    </g>
  );
}
