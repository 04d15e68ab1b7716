/** Polygons of an outline, in pixels of the stored frame: x right, y down. */
import type { Box, Point } from "~/viewer/view";

export type Corner = [number, number];
export type Polygon = Corner[];

const COORDINATE_DIGITS = 100;

/** Inside the frame, to a hundredth of a pixel: finer than any hand. */
export function clamped(at: Point, frame: { columns: number; rows: number }): Corner {
  const round = (value: number, most: number) =>
    Math.round(Math.min(most, Math.max(0, value)) * COORDINATE_DIGITS) / COORDINATE_DIGITS;
  return [round(at.x, frame.columns), round(at.y, frame.rows)];
}

export function boxPolygon(from: Corner, to: Corner): Polygon {
  const [x0, x1] = [Math.min(from[0], to[0]), Math.max(from[0], to[0])];
  const [y0, y1] = [Math.min(from[1], to[1]), Math.max(from[1], to[1])];
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

/** Square pixels, by the shoelace formula. */
export function areaOf(polygon: Polygon): number {
  let twice = 0;
  polygon.forEach(([x, y], index) => {
    const [nextX, nextY] = polygon[(index + 1) % polygon.length] ?? [x, y];
    twice += x * nextY - nextX * y;
  });
  return Math.abs(twice) / 2;
}

/** Whether the corners enclose anything: three of them that are not on one line. */
export function encloses(polygon: Polygon): boolean {
  return new Set(polygon.map(String)).size >= 3 && areaOf(polygon) > 0;
}

export function isInside(polygon: Polygon, at: Corner): boolean {
  let inside = false;
  polygon.forEach(([x, y], index) => {
    const [otherX, otherY] = polygon[(index + polygon.length - 1) % polygon.length] ?? [x, y];
    if (y > at[1] !== otherY > at[1] && at[0] < ((otherX - x) * (at[1] - y)) / (otherY - y) + x) inside = !inside;
  });
  return inside;
}

function turn(a: Corner, b: Corner, c: Corner): number {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

function between(a: Corner, b: Corner, c: Corner): boolean {
  return (
    Math.min(a[0], b[0]) <= c[0] && c[0] <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= c[1] && c[1] <= Math.max(a[1], b[1])
  );
}

function meet(a: Corner, b: Corner, c: Corner, d: Corner): boolean {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (abc !== abd && cda !== cdb) return true;
  return (
    (abc === 0 && between(a, b, c)) || (abd === 0 && between(a, b, d)) || (cda === 0 && between(c, d, a)) || (cdb === 0 && between(c, d, b))
  );
}

/** Whether no two edges meet, but neighbours at their corner. */
export function isSimple(polygon: Polygon): boolean {
  const count = polygon.length;
  for (let first = 0; first < count; first++) {
    for (let second = first + 2; second < count; second++) {
      if (first === 0 && second === count - 1) continue;
      const [a, b, c, d] = [polygon[first], polygon[first + 1], polygon[second], polygon[(second + 1) % count]];
      if (a && b && c && d && meet(a, b, c, d)) return false;
    }
  }
  return true;
}

function offLine(at: Corner, a: Corner, b: Corner): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy);
  if (!length) return Math.hypot(at[0] - a[0], at[1] - a[1]);
  return Math.abs(dx * (a[1] - at[1]) - dy * (a[0] - at[0])) / length;
}

/** Douglas–Peucker on an open line: leaves out corners nearer than `tolerance` pixels to what remains. */
function thinned(line: Corner[], tolerance: number): Corner[] {
  const [first, last] = [line[0], line[line.length - 1]];
  if (!first || !last || line.length < 3) return line;
  let farthest = 0;
  let distance = 0;
  line.forEach((corner, index) => {
    const away = offLine(corner, first, last);
    if (away > distance) [farthest, distance] = [index, away];
  });
  if (distance <= tolerance) return [first, last];
  return [...thinned(line.slice(0, farthest + 1), tolerance).slice(0, -1), ...thinned(line.slice(farthest), tolerance)];
}

/** With fewer corners, none more than `tolerance` pixels off; as it was where that would make it cross itself. */
export function simplified(polygon: Polygon, tolerance: number): Polygon {
  const half = Math.floor(polygon.length / 2);
  const first = polygon[0];
  if (!first || polygon.length < 8) return polygon;
  const there = thinned(polygon.slice(0, half + 1), tolerance);
  const back = thinned([...polygon.slice(half), first], tolerance);
  const fewer = [...there, ...back.slice(1, -1)];
  return encloses(fewer) && isSimple(fewer) ? fewer : polygon;
}

/** The edge that comes nearest to a point, for putting a corner on it. */
export function nearestEdge(polygon: Polygon, at: Corner): { after: number; distance: number } {
  let best = { after: 0, distance: Infinity };
  polygon.forEach((from, index) => {
    const to = polygon[(index + 1) % polygon.length] ?? from;
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const square = dx * dx + dy * dy || 1;
    const share = Math.min(1, Math.max(0, ((at[0] - from[0]) * dx + (at[1] - from[1]) * dy) / square));
    const distance = Math.hypot(at[0] - from[0] - share * dx, at[1] - from[1] - share * dy);
    if (distance < best.distance) best = { after: index, distance };
  });
  return best;
}

/** Image coordinates as SVG writes them. */
export function pointsOf(polygon: Polygon): string {
  return polygon.map(([x, y]) => `${x},${y}`).join(" ");
}

export function middleOf(box: Box): Corner {
  return [box.x + box.width / 2, box.y + box.height / 2];
}
