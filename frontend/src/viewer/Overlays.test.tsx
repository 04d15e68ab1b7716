// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { startTranslation, switchLanguage } from "~/i18n";
import { ScaleBar } from "./ScaleBar";
import { type Line, Overlays } from "./Overlays";
import { NEUTRAL } from "./view";

const WIDTH = 400;
const region = { x0: 0, y0: 0, x1: 200, y1: 200, delta_x_cm: 0.02, delta_y_cm: 0.02 };
const image = { rows: 200, columns: 200, regions: [region] };
const box = { x: 0, y: 0, width: 200, height: 200 };
const line = (x: number, y: number, length: number): Line => ({ from: { x, y }, to: { x: x + length, y } });

class Sized {
  constructor(private readonly tell: (entries: unknown[]) => void) {}
  observe(target: Element) {
    this.tell([{ target, contentRect: { x: 0, y: 0, top: 0, left: 0, width: WIDTH, height: WIDTH } }]);
  }
  unobserve() {}
  disconnect() {}
}

beforeAll(async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal("ResizeObserver", Sized);
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, WIDTH, WIDTH));
  vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => {
    callback(0);
    return 0;
  });
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {} }));
  await startTranslation();
});

beforeEach(async () => {
  await act(() => switchLanguage("en"));
});

function show(lines: Line[], more: Partial<Parameters<typeof Overlays>[0]> = {}) {
  const home = document.createElement("div");
  document.body.append(home);
  const draw = vi.fn<(lines: Line[]) => void>();
  act(() => {
    createRoot(home).render(
      <MantineProvider>
        <Overlays
          image={image}
          view={NEUTRAL}
          box={box}
          outline={null}
          attention={null}
          opacity={0.5}
          measuring
          lines={lines}
          draw={draw}
          {...more}
        />
      </MantineProvider>,
    );
  });
  const svg = home.querySelector("svg");
  if (!svg) throw new Error("no overlay");
  return { home, svg, draw };
}

const words = (home: HTMLElement) => [...home.querySelectorAll("[data-testid=measurement] text")].map((node) => node.textContent);

describe("lengths over the picture", () => {
  it("have their number and their unit", () => {
    expect(words(show([line(10, 10, 25), line(10, 10, 100)]).home)).toEqual(["5.0 mm", "2.00 cm"]);
  });

  it("are refused in words outside the calibrated region", () => {
    const { home } = show([line(150, 10, 100)], { image: { ...image, columns: 400 } });
    expect(words(home)).toEqual(["not measured: outside the calibrated region"]);
    expect(home.querySelector("[data-testid=measurement]")?.getAttribute("data-cm")).toBe("");
  });

  it("are told in Chinese as well, with the same unit", async () => {
    await act(() => switchLanguage("zh-hans"));
    expect(words(show([line(10, 10, 25)], { image: { ...image, regions: [] } }).home)).toEqual(["未测量：在标定区域之外"]);
    expect(words(show([line(10, 10, 25)]).home)).toEqual(["5.0 mm"]);
  });

  it("are drawn with the pointer: 100 pixels of the screen are 50 of the frame and 1 cm", () => {
    const { svg, draw } = show([]);
    svg.setPointerCapture = () => undefined;
    const at = (type: string, x: number) => {
      const event = new MouseEvent(type, { bubbles: true, clientX: x, clientY: 40, button: 0 });
      Object.defineProperty(event, "pointerId", { value: 1 });
      act(() => {
        svg.dispatchEvent(event);
      });
    };
    at("pointerdown", 20);
    at("pointermove", 70);
    at("pointerup", 120);
    const drawn = draw.mock.calls[0]?.[0] ?? [];
    expect(drawn).toEqual([{ from: { x: 10, y: 20 }, to: { x: 60, y: 20 } }]);
    expect(words(show(drawn).home)).toEqual(["1.00 cm"]);
  });

  it("are not drawn while nobody measures", () => {
    const { svg, draw } = show([], { measuring: false });
    act(() => {
      svg.dispatchEvent(new MouseEvent("pointerdown", { bubbles: true, clientX: 1, clientY: 1 }));
      svg.dispatchEvent(new MouseEvent("pointerup", { bubbles: true, clientX: 99, clientY: 1 }));
    });
    expect(draw).not.toHaveBeenCalled();
  });
});

describe("the outline and the attention", () => {
  it("lie in pixels of the frame", () => {
    const { home } = show([], {
      outline: [[[10, 10], [190, 10], [100, 180]]],
      attention: { href: "/map.png", box: { x: -20, y: 0, width: 240, height: 240 } },
      opacity: 0.3,
    });
    expect(home.querySelector("[data-testid=liver-outline]")?.getAttribute("points")).toBe("10,10 190,10 100,180");
    const map = home.querySelector("[data-testid=attention-overlay]");
    expect([map?.getAttribute("x"), map?.getAttribute("width"), map?.getAttribute("opacity")]).toEqual(["-20", "240", "0.3"]);
    expect(home.querySelector("svg")?.getAttribute("viewBox")).toBe("0 0 200 200");
  });
});

describe("the ruler", () => {
  it("is as long as it says in pixels of the screen, however large the reader's letters are", () => {
    const home = document.createElement("div");
    document.body.append(home);
    act(() => {
      createRoot(home).render(
        <MantineProvider>
          <ScaleBar image={image} view={NEUTRAL} box={box} />
        </MantineProvider>,
      );
    });
    const bar = home.querySelector<HTMLElement>("[data-testid=scale-bar]");
    const length = home.querySelector<HTMLElement>("[data-testid=scale-bar-length]");
    expect(bar?.dataset.cm).toBe("1"); // 50 pixels of the frame, which is drawn twice as large
    expect(length?.style.width).toBe("100px");
  });
});
