/** What the keyboard does in the editor; everything else goes to the viewer's own table. */
import type { KeyPress } from "~/viewer/hotkeys";

export const TOOLS = ["view", "box", "polygon", "brush", "eraser", "edit"] as const;
export type Tool = (typeof TOOLS)[number];

export type EditorCommand =
  | Tool
  | "smaller"
  | "larger"
  | "closePolygon"
  | "cancelPolygon"
  | "remove"
  | "undo"
  | "redo"
  | "nextCorner"
  | "nextPolygon"
  | "left"
  | "right"
  | "up"
  | "down"
  | "propose"
  | "finish";

/** `Ctrl+` stands for the command key of a Mac as well. */
export const EDITOR_KEYS: readonly { command: EditorCommand; keys: readonly string[] }[] = [
  { command: "view", keys: ["v"] },
  { command: "box", keys: ["b"] },
  { command: "polygon", keys: ["p"] },
  { command: "brush", keys: ["d"] },
  { command: "eraser", keys: ["e"] },
  { command: "edit", keys: ["s"] },
  { command: "smaller", keys: [","] },
  { command: "larger", keys: ["."] },
  { command: "closePolygon", keys: ["Enter"] },
  { command: "cancelPolygon", keys: ["Escape"] },
  { command: "remove", keys: ["Backspace", "Delete"] },
  { command: "undo", keys: ["Ctrl+z"] },
  { command: "redo", keys: ["Ctrl+y", "Ctrl+Shift+z"] },
  { command: "nextCorner", keys: ["n"] },
  { command: "nextPolygon", keys: ["m"] },
  { command: "left", keys: ["Alt+ArrowLeft"] },
  { command: "right", keys: ["Alt+ArrowRight"] },
  { command: "up", keys: ["Alt+ArrowUp"] },
  { command: "down", keys: ["Alt+ArrowDown"] },
  { command: "propose", keys: ["g"] },
  { command: "finish", keys: ["Ctrl+Enter"] },
];

export function editorCommandOf(press: KeyPress): EditorCommand | null {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const held = [
    press.ctrlKey || press.metaKey ? "Ctrl+" : "",
    press.altKey ? "Alt+" : "",
    press.shiftKey && (press.ctrlKey || press.metaKey) ? "Shift+" : "",
    key,
  ].join("");
  return EDITOR_KEYS.find((row) => row.keys.includes(held))?.command ?? null;
}

export const MOVES: Partial<Record<EditorCommand, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};
