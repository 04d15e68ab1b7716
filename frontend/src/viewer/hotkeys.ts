/** What the keyboard does on a focused view: a table, drawn as it stands in the help. */

export type Command =
  | "playPause"
  | "previousFrame"
  | "nextFrame"
  | "firstFrame"
  | "lastFrame"
  | "zoomIn"
  | "zoomOut"
  | "panLeft"
  | "panRight"
  | "panUp"
  | "panDown"
  | "widerWindow"
  | "narrowerWindow"
  | "higherLevel"
  | "lowerLevel"
  | "invert"
  | "reset"
  | "measure"
  | "clearLengths"
  | "outline"
  | "attention";

export interface Hotkey {
  readonly command: Command;
  /** `KeyboardEvent.key`, with `Shift+` in front where it must be held. */
  readonly keys: readonly string[];
}

export const HOTKEYS: readonly Hotkey[] = [
  { command: "playPause", keys: [" ", "k"] },
  { command: "previousFrame", keys: ["ArrowLeft"] },
  { command: "nextFrame", keys: ["ArrowRight"] },
  { command: "firstFrame", keys: ["Home"] },
  { command: "lastFrame", keys: ["End"] },
  { command: "zoomIn", keys: ["+", "="] },
  { command: "zoomOut", keys: ["-"] },
  { command: "panLeft", keys: ["Shift+ArrowLeft"] },
  { command: "panRight", keys: ["Shift+ArrowRight"] },
  { command: "panUp", keys: ["Shift+ArrowUp"] },
  { command: "panDown", keys: ["Shift+ArrowDown"] },
  { command: "narrowerWindow", keys: ["["] },
  { command: "widerWindow", keys: ["]"] },
  { command: "higherLevel", keys: ["ArrowUp"] },
  { command: "lowerLevel", keys: ["ArrowDown"] },
  { command: "invert", keys: ["i"] },
  { command: "reset", keys: ["r", "0"] },
  { command: "measure", keys: ["m"] },
  { command: "clearLengths", keys: ["Delete", "Backspace"] },
  { command: "outline", keys: ["o"] },
  { command: "attention", keys: ["a"] },
];

export interface KeyPress {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The command of a key press, or null; keys with Ctrl, Alt or Meta belong to the browser. */
export function commandOf(press: KeyPress): Command | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const held = press.shiftKey && key.startsWith("Arrow") ? `Shift+${key}` : key;
  return HOTKEYS.find((hotkey) => hotkey.keys.includes(held))?.command ?? null;
}
