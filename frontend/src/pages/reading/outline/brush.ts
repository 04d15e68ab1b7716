/**
 * Brush and eraser: polygons become a mask of the frame's pixels, a stroke is painted on it, and its borders are traced
 * to polygons again. It is done here and not on the server so that strokes are kept without a network.
 */
import { areaOf, type Corner, type Polygon, simplified } from "./geometry";

/** A trace follows edges of pixels; a pixel off is invisible and leaves a few of the corners. */
const TOLERANCE_PX = 1;
/** Specks that an eraser leaves behind. */
const LEAST_AREA_PX = 16;

export interface Mask {
  width: number;
  height: number;
  /** One byte a pixel, 0 outside. */
  inside: Uint8Array;
}

type Step = 0 | 1 | 2 | 3; // right, down, left, up
const MOVES: Record<Step, [number, number]> = { 0: [1, 0], 1: [0, 1], 2: [-1, 0], 3: [0, -1] };

/** Everything that cannot be reached from the border of the frame by steps sideways: holes are filled in. */
function withoutHoles(mask: Mask): Mask {
  const { width, height, inside } = mask;
  const outside = new Uint8Array(width * height);
  const stack: number[] = [];
  const visit = (x: number, y: number) => {
    const at = y * width + x;
    if (x < 0 || y < 0 || x >= width || y >= height || inside[at] || outside[at]) return;
    outside[at] = 1;
    stack.push(at);
  };
  for (let x = 0; x < width; x++) {
    visit(x, 0);
    visit(x, height - 1);
  }
  for (let y = 0; y < height; y++) {
    visit(0, y);
    visit(width - 1, y);
  }
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const [x, y] = [at % width, Math.floor(at / width)];
    visit(x + 1, y);
    visit(x - 1, y);
    visit(x, y + 1);
    visit(x, y - 1);
  }
  return { width, height, inside: outside.map((value) => 1 - value) };
}

/**
 * Outer borders of the 4-connected regions of a mask, as polygons along the edges of pixels. Every ring is simple: at a
 * corner where two pixels of one region meet diagonally, one of the other two would be enclosed, and was filled in.
 */
export function traced(mask: Mask): Polygon[] {
  const { width, height, inside } = withoutHoles(mask);
  const filled = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && inside[y * width + x] === 1;
  const begun = new Uint8Array(width * height); // top edges that some ring has walked
  const rings: Polygon[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!filled(x, y) || filled(x, y - 1) || begun[y * width + x]) continue;
      rings.push(ringFrom(x, y, filled, (column, row) => (begun[row * width + column] = 1)));
    }
  }
  return rings;
}

/** Walks clockwise with the region on the right hand, from the left end of the top edge of pixel (x, y). */
function ringFrom(
  x: number,
  y: number,
  filled: (x: number, y: number) => boolean,
  walkedTop: (x: number, y: number) => void,
): Polygon {
  const ring: Polygon = [];
  let [atX, atY] = [x, y];
  let step: Step = 0;
  do {
    if (step === 0) walkedTop(atX, atY);
    const [dx, dy] = MOVES[step];
    [atX, atY] = [atX + dx, atY + dy];
    // The two pixels ahead of the corner just reached: on the right hand and on the left.
    const ahead = {
      0: { right: filled(atX, atY), left: filled(atX, atY - 1) },
      1: { right: filled(atX - 1, atY), left: filled(atX, atY) },
      2: { right: filled(atX - 1, atY - 1), left: filled(atX - 1, atY) },
      3: { right: filled(atX, atY - 1), left: filled(atX - 1, atY - 1) },
    }[step];
    const turned = (!ahead.right ? (step + 1) % 4 : ahead.left ? (step + 3) % 4 : step) as Step;
    if (turned !== step) ring.push([atX, atY]);
    step = turned;
  } while (atX !== x || atY !== y || step !== 0);
  return ring;
}

/** Polygons of a mask as they are kept: thinned, without specks. */
export function polygonsOf(mask: Mask): Polygon[] {
  return traced(mask)
    .filter((ring) => areaOf(ring) >= LEAST_AREA_PX)
    .map((ring) => simplified(ring, TOLERANCE_PX));
}

interface Stroke {
  points: Corner[];
  radius: number;
  erases: boolean;
}

/** What the outline is after a stroke of brush or eraser. Without a stroke: the same area without crossings (Tidy). */
export function painted(polygons: Polygon[], stroke: Stroke | null, frame: { columns: number; rows: number }): Polygon[] {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [frame.columns, frame.rows];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return polygons;
  pen.fillStyle = pen.strokeStyle = "#fff";
  for (const polygon of polygons) {
    pen.beginPath();
    polygon.forEach(([x, y]) => {
      pen.lineTo(x, y);
    });
    pen.closePath();
    pen.fill("nonzero");
  }
  if (stroke) {
    pen.globalCompositeOperation = stroke.erases ? "destination-out" : "source-over";
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = stroke.radius * 2;
    pen.beginPath();
    stroke.points.forEach(([x, y]) => {
      pen.lineTo(x, y);
    });
    const [first] = stroke.points;
    if (first && stroke.points.length === 1) pen.lineTo(first[0] + 0.01, first[1]);
    pen.stroke();
  }
  const { data } = pen.getImageData(0, 0, frame.columns, frame.rows);
  const inside = new Uint8Array(frame.columns * frame.rows);
  for (let at = 0; at < inside.length; at++) inside[at] = (data[at * 4 + 3] ?? 0) >= 128 ? 1 : 0;
  return polygonsOf({ width: frame.columns, height: frame.rows, inside });
}
