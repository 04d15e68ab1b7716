/** Where the ultrasound is in a frame, and how long its pixels are. */
import type { ImageRow } from "~/api/types";
import type { Box } from "./view";

interface Region {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  delta_x_cm: number | null;
  delta_y_cm: number | null;
}

function regionsOf(image: Pick<ImageRow, "regions">): Region[] {
  return Array.isArray(image.regions) ? (image.regions as Region[]) : [];
}

/** The smallest box round every region; the whole frame where none is known. */
export function boxOf(image: Pick<ImageRow, "regions" | "rows" | "columns">): Box {
  const regions = regionsOf(image);
  if (!regions.length) return { x: 0, y: 0, width: image.columns, height: image.rows };
  const x = Math.min(...regions.map((region) => region.x0));
  const y = Math.min(...regions.map((region) => region.y0));
  return {
    x,
    y,
    width: Math.max(...regions.map((region) => region.x1)) - x,
    height: Math.max(...regions.map((region) => region.y1)) - y,
  };
}

/** Centimetres a pixel, where one number holds for the whole picture in both directions; else null. */
export function centimetresPerPixel(image: Pick<ImageRow, "regions">): number | null {
  const deltas = regionsOf(image).flatMap((region) => [region.delta_x_cm, region.delta_y_cm]);
  const first = deltas[0];
  if (!first) return null;
  const same = deltas.every((delta) => delta !== null && Math.abs(delta - first) < first * 0.01);
  return same ? first : null;
}

const LENGTHS_CM = [0.1, 0.2, 0.5, 1, 2, 5, 10];

/** The longest round length that takes at most `most` canvas pixels. */
export function barOf(centimetres: number, scale: number, most: number): { cm: number; pixels: number } | null {
  const pixelsOf = (cm: number) => (cm / centimetres) * scale;
  const cm = LENGTHS_CM.filter((length) => pixelsOf(length) <= most).at(-1);
  return cm === undefined ? null : { cm, pixels: pixelsOf(cm) };
}
