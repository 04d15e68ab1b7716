/** Lengths between two points of a frame, in centimetres of the region that both lie in, or why there is none. */
import type { ImageRow } from "~/api/types";
import type { Point } from "./view";

export type Refusal = "outside" | "uncalibrated" | "twoRegions";
export type Measured = { cm: number; refusal?: undefined } | { cm?: undefined; refusal: Refusal };

interface Region {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  delta_x_cm: number | null;
  delta_y_cm: number | null;
}

function regionAt(image: Pick<ImageRow, "regions">, at: Point): Region | undefined {
  const regions = Array.isArray(image.regions) ? (image.regions as Region[]) : [];
  const area = (region: Region) => (region.x1 - region.x0) * (region.y1 - region.y0);
  return regions
    .filter((region) => at.x >= region.x0 && at.x <= region.x1 && at.y >= region.y0 && at.y <= region.y1)
    .sort((one, other) => area(one) - area(other))[0];
}

/**
 * The length from `from` to `to` (pixels of the frame): each direction by its own Physical Delta (PS3.3 §C.8.5.5), so
 * that oblong pixels measure right. Refused where a point lies outside every region, the points lie in two, or the
 * region has no calibration in centimetres.
 */
export function measured(image: Pick<ImageRow, "regions">, from: Point, to: Point): Measured {
  const region = regionAt(image, from);
  const other = regionAt(image, to);
  if (!region || !other) return { refusal: "outside" };
  if (region !== other) return { refusal: "twoRegions" };
  const { delta_x_cm: dx, delta_y_cm: dy } = region;
  if (!dx || !dy) return { refusal: "uncalibrated" };
  return { cm: Math.hypot((to.x - from.x) * Math.abs(dx), (to.y - from.y) * Math.abs(dy)) };
}

/** Millimetres below one centimetre, centimetres from there on; the digits that a pixel is worth. */
export function lengthIn(cm: number): { value: number; digits: number; unit: "mm" | "cm" } {
  return cm < 1 ? { value: cm * 10, digits: 1, unit: "mm" } : { value: cm, digits: 2, unit: "cm" };
}
