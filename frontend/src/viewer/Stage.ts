/**
 * The canvas of a pane and who draws on it: Canvas2D at once, WebGL2 a moment later.
 *
 * The first picture must not wait for a graphics context. When one is lost the plain renderer takes over again.
 */
import { fastRenderer, plainRenderer, type Renderer } from "./renderer";
import type { Box, Size, View } from "./view";

/** The other pane's picture, and the thumbnails, come first. */
const AFTER_MS = 800;

export class Stage {
  private canvas: HTMLCanvasElement;
  private renderer: Renderer;
  private frame: ImageBitmap | null = null;
  private last: { view: View; box: Box } | null = null;
  private waiting: ReturnType<typeof setTimeout> | null = null;
  private closed = false;

  constructor(
    private readonly home: HTMLElement,
    private readonly tell: (kind: Renderer["kind"]) => void,
  ) {
    this.canvas = this.mount();
    this.renderer = plainRenderer(this.canvas);
    tell(this.renderer.kind);
  }

  get size(): Size {
    return { width: this.canvas.width, height: this.canvas.height };
  }

  /** As many pixels as the place has on this screen. */
  fit(): Size {
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.max(1, Math.round(this.home.clientWidth * ratio));
    this.canvas.height = Math.max(1, Math.round(this.home.clientHeight * ratio));
    return this.size;
  }

  load(frame: ImageBitmap): void {
    this.frame = frame;
    this.renderer.load(frame);
  }

  draw(view: View, box: Box): void {
    this.last = { view, box };
    this.renderer.draw(view, box);
    if (this.renderer.kind === "canvas2d" && this.waiting === null) this.hurryLater();
  }

  close(): void {
    this.closed = true;
    if (this.waiting !== null) clearTimeout(this.waiting);
    this.renderer.close();
    this.canvas.remove();
  }

  /** A canvas keeps its first kind of context for good, so another renderer needs another canvas. */
  private mount(): HTMLCanvasElement {
    const canvas = document.createElement("canvas");
    canvas.style.cssText = "position:absolute;inset:0;width:100%;height:100%;display:block";
    canvas.setAttribute("aria-hidden", "true");
    this.home.append(canvas);
    return canvas;
  }

  private hurryLater(): void {
    this.waiting = setTimeout(() => {
      if (!this.closed) this.hurry();
    }, AFTER_MS);
  }

  private hurry(): void {
    const canvas = this.mount();
    [canvas.width, canvas.height] = [this.canvas.width, this.canvas.height];
    const fast = fastRenderer(canvas);
    if (!fast) {
      canvas.remove(); // `waiting` stays set: there is no sense in asking again
      return;
    }
    canvas.addEventListener("webglcontextlost", () => {
      if (!this.closed) this.replace(this.mount(), plainRenderer);
    });
    this.replace(canvas, () => fast);
  }

  private replace(canvas: HTMLCanvasElement, make: (canvas: HTMLCanvasElement) => Renderer): void {
    const before = this.canvas;
    [canvas.width, canvas.height] = [before.width, before.height];
    this.canvas = canvas;
    this.renderer = make(canvas);
    if (this.frame && this.frame.width > 0) this.renderer.load(this.frame);
    if (this.last) this.renderer.draw(this.last.view, this.last.box);
    before.remove();
    this.tell(this.renderer.kind);
  }
}
