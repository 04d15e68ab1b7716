/** How a frame is looked at: window and level in grey values, zoom, and which point of the image is in the middle. */

export interface View {
  /** Width of the grey range shown, 1 to 510 display grey values. */
  readonly window: number;
  /** Middle of the grey range shown, 0 to 255. */
  readonly level: number;
  /** 1 fits the ultrasound region. */
  readonly zoom: number;
  /** Image point in the middle of the canvas, as a share of the region's width and height. */
  readonly centreX: number;
  readonly centreY: number;
  readonly inverted: boolean;
}

export interface Size {
  width: number;
  height: number;
}
/** Where in the frame the ultrasound is, in pixels: what a view is fitted to. The rest of the frame is blank. */
export interface Box extends Size {
  x: number;
  y: number;
}
export interface Point {
  x: number;
  y: number;
}

export const NEUTRAL: View = { window: 255, level: 127.5, zoom: 1, centreX: 0.5, centreY: 0.5, inverted: false };
export const ZOOM = { least: 0.5, most: 20, step: 1.25 };

function between(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Canvas pixels to one image pixel. */
export function scaleOf(view: View, box: Box, canvas: Size): number {
  return Math.min(canvas.width / box.width, canvas.height / box.height) * view.zoom;
}

export function toImage(view: View, box: Box, canvas: Size, at: Point): Point {
  const scale = scaleOf(view, box, canvas);
  return {
    x: box.x + view.centreX * box.width + (at.x - canvas.width / 2) / scale,
    y: box.y + view.centreY * box.height + (at.y - canvas.height / 2) / scale,
  };
}

export function toCanvas(view: View, box: Box, canvas: Size, at: Point): Point {
  const scale = scaleOf(view, box, canvas);
  return {
    x: canvas.width / 2 + (at.x - box.x - view.centreX * box.width) * scale,
    y: canvas.height / 2 + (at.y - box.y - view.centreY * box.height) * scale,
  };
}

/** Zooms so that the image point under `at` stays under it. */
export function zoomedAt(view: View, factor: number, box: Box, canvas: Size, at: Point): View {
  const fixed = toImage(view, box, canvas, at);
  const zoomed = { ...view, zoom: between(view.zoom * factor, ZOOM.least, ZOOM.most) };
  const scale = scaleOf(zoomed, box, canvas);
  return centred(
    zoomed,
    (fixed.x - box.x - (at.x - canvas.width / 2) / scale) / box.width,
    (fixed.y - box.y - (at.y - canvas.height / 2) / scale) / box.height,
  );
}

/** The middle of the canvas stays on the region, so that a picture cannot be lost. */
function centred(view: View, x: number, y: number): View {
  return { ...view, centreX: between(x, 0, 1), centreY: between(y, 0, 1) };
}

export function panned(view: View, dx: number, dy: number, box: Box, canvas: Size): View {
  const scale = scaleOf(view, box, canvas);
  return centred(view, view.centreX - dx / scale / box.width, view.centreY - dy / scale / box.height);
}

export function windowed(view: View, dWindow: number, dLevel: number): View {
  return {
    ...view,
    window: Math.round(between(view.window + dWindow, 1, 510)),
    level: Math.round(between(view.level + dLevel, 0, 255) * 2) / 2,
  };
}

/** Grey value after window and level, 0 to 255; the same line as in the shader. */
export function shown(view: View, grey: number): number {
  const share = between((grey - (view.level - view.window / 2)) / view.window, 0, 1);
  return Math.round((view.inverted ? 1 - share : share) * 255);
}
