import { describe, expect, it } from "vitest";
import { FALLBACK_RATE_HZ, frameDue, rateOf, stepped } from "./cine";
import { commandOf, HOTKEYS } from "./hotkeys";
import { NEUTRAL, panned, scaleOf, shown, toCanvas, toImage, windowed, ZOOM, zoomedAt } from "./view";

const image = { x: 0, y: 0, width: 1024, height: 768 };
const canvas = { width: 512, height: 512 };

describe("the view of a frame", () => {
  it("fits the whole image at first", () => {
    expect(scaleOf(NEUTRAL, image, canvas)).toBe(0.5);
    expect(toCanvas(NEUTRAL, image, canvas, { x: 0, y: 0 })).toEqual({ x: 0, y: 64 });
  });

  it("fits the ultrasound region where it does not fill the frame", () => {
    const region = { x: 100, y: 50, width: 256, height: 512 };
    expect(scaleOf(NEUTRAL, region, canvas)).toBe(1);
    expect(toCanvas(NEUTRAL, region, canvas, { x: 228, y: 306 })).toEqual({ x: 256, y: 256 });
    expect(toImage(NEUTRAL, region, canvas, { x: 256, y: 0 })).toEqual({ x: 228, y: 50 });
  });

  it("keeps the point under the pointer while zooming", () => {
    const at = { x: 130, y: 210 };
    const zoomed = zoomedAt(NEUTRAL, 3, image, canvas, at);
    const before = toImage(NEUTRAL, image, canvas, at);
    const after = toImage(zoomed, image, canvas, at);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  it("stops zooming at its limits and never loses the picture", () => {
    expect(zoomedAt(NEUTRAL, 1e6, image, canvas, { x: 0, y: 0 }).zoom).toBe(ZOOM.most);
    expect(zoomedAt(NEUTRAL, 1e-6, image, canvas, { x: 0, y: 0 }).zoom).toBe(ZOOM.least);
    const far = panned(NEUTRAL, 1e6, -1e6, image, canvas);
    expect([far.centreX, far.centreY]).toEqual([0, 1]);
  });

  it("pans by exactly the pixels dragged", () => {
    const view = panned({ ...NEUTRAL, zoom: 2 }, 10, -6, image, canvas);
    const corner = toCanvas(view, image, canvas, { x: 512, y: 384 });
    expect(corner.x).toBeCloseTo(266);
    expect(corner.y).toBeCloseTo(250);
  });

  it("shows every grey value unchanged until the window is moved", () => {
    for (let grey = 0; grey <= 255; grey += 1) expect(shown(NEUTRAL, grey)).toBe(grey);
    expect(shown({ ...NEUTRAL, inverted: true }, 10)).toBe(245);
    const narrow = windowed(NEUTRAL, -155, -27.5);
    expect(narrow).toMatchObject({ window: 100, level: 100 });
    expect([shown(narrow, 50), shown(narrow, 100), shown(narrow, 150)]).toEqual([0, 128, 255]);
  });
});

describe("cine", () => {
  it("runs at the rate of the header and wraps round", () => {
    expect(frameDue(0, 1000, 24, 40)).toBe(24);
    expect(frameDue(30, 1000, 24, 40)).toBe(14);
    expect(frameDue(0, 5000, 24, 1)).toBe(0);
    expect(stepped(0, -1, 40)).toBe(39);
  });

  it("has a rate where the header has none", () => {
    expect(rateOf(null)).toBe(FALLBACK_RATE_HZ);
    expect(rateOf(0)).toBe(FALLBACK_RATE_HZ);
    expect(rateOf(33.3)).toBe(33.3);
  });
});

describe("hotkeys", () => {
  const press = (key: string, held: Partial<Record<"shiftKey" | "ctrlKey", boolean>> = {}) => ({
    key,
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    ...held,
  });

  it("mean one thing each", () => {
    const keys = HOTKEYS.flatMap((hotkey) => hotkey.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("leave the browser its own", () => {
    expect(commandOf(press("r"))).toBe("reset");
    expect(commandOf(press("R", { shiftKey: true }))).toBe("reset");
    expect(commandOf(press("r", { ctrlKey: true }))).toBeNull();
    expect(commandOf(press("ArrowLeft"))).toBe("previousFrame");
    expect(commandOf(press("ArrowLeft", { shiftKey: true }))).toBe("panLeft");
    expect(commandOf(press("Tab"))).toBeNull();
  });
});
