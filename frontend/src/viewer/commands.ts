/** What a command does to a view. Frames and playing belong to the pane; the rest is here. */
import type { Command } from "./hotkeys";
import { type Box, NEUTRAL, panned, type Size, type View, windowed, ZOOM, zoomedAt } from "./view";

const PAN_STEP = 40;
const GREY_STEP = 8;

export function afterCommand(view: View, command: Command, box: Box, canvas: Size): View {
  const middle = { x: canvas.width / 2, y: canvas.height / 2 };
  switch (command) {
    case "zoomIn":
      return zoomedAt(view, ZOOM.step, box, canvas, middle);
    case "zoomOut":
      return zoomedAt(view, 1 / ZOOM.step, box, canvas, middle);
    case "panLeft":
      return panned(view, PAN_STEP, 0, box, canvas);
    case "panRight":
      return panned(view, -PAN_STEP, 0, box, canvas);
    case "panUp":
      return panned(view, 0, PAN_STEP, box, canvas);
    case "panDown":
      return panned(view, 0, -PAN_STEP, box, canvas);
    case "narrowerWindow":
      return windowed(view, -GREY_STEP, 0);
    case "widerWindow":
      return windowed(view, GREY_STEP, 0);
    case "higherLevel":
      return windowed(view, 0, GREY_STEP / 2);
    case "lowerLevel":
      return windowed(view, 0, -GREY_STEP / 2);
    case "invert":
      return { ...view, inverted: !view.inverted };
    case "reset":
      return NEUTRAL;
    default:
      return view;
  }
}

/** Ways to see more without dragging. */
export const PRESETS = [
  { key: "neutral", window: 255, level: 127.5 },
  { key: "brighter", window: 200, level: 92 },
  { key: "darker", window: 255, level: 165 },
  { key: "contrast", window: 120, level: 90 },
] as const;
