/** Draws one frame with a view, by WebGL2 or by Canvas2D. Both show the same grey values. */
import { type Box, NEUTRAL, type Size, type View, shown, toCanvas } from "./view";

export interface Renderer {
  readonly kind: "webgl2" | "canvas2d";
  /** Takes a frame; `draw` shows it until the next one. */
  load(frame: ImageBitmap): void;
  draw(view: View, box: Box): void;
  close(): void;
}

const VERTEX = `#version 300 es
in vec2 corner;
uniform vec4 box; // left, top, right, bottom in clip space
out vec2 at;
void main() {
  at = corner;
  gl_Position = vec4(mix(box.x, box.z, corner.x), mix(box.y, box.w, corner.y), 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D frame;
uniform vec3 grey; // lower end and width of the window in 0…1, inverted
in vec2 at;
out vec4 colour;
void main() {
  float share = clamp((texture(frame, at).r - grey.x) / grey.y, 0.0, 1.0);
  colour = vec4(vec3(mix(share, 1.0 - share, grey.z)), 1.0);
}`;

function compiled(gl: WebGL2RenderingContext, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type);
  if (!shader) throw new Error("no shader");
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader) ?? "shader");
  return shader;
}

class WebglRenderer implements Renderer {
  readonly kind = "webgl2";
  private size: Size = { width: 1, height: 1 };
  private readonly corners: WebGLUniformLocation | null;
  private readonly grey: WebGLUniformLocation | null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly gl: WebGL2RenderingContext,
  ) {
    const program = gl.createProgram();
    gl.attachShader(program, compiled(gl, gl.VERTEX_SHADER, VERTEX));
    gl.attachShader(program, compiled(gl, gl.FRAGMENT_SHADER, FRAGMENT));
    gl.linkProgram(program);
    gl.useProgram(program);
    this.corners = gl.getUniformLocation(program, "box");
    this.grey = gl.getUniformLocation(program, "grey");
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), gl.STATIC_DRAW);
    const corner = gl.getAttribLocation(program, "corner");
    gl.enableVertexAttribArray(corner);
    gl.vertexAttribPointer(corner, 2, gl.FLOAT, false, 0, 0);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  }

  load(frame: ImageBitmap): void {
    this.size = { width: frame.width, height: frame.height };
    this.gl.texImage2D(this.gl.TEXTURE_2D, 0, this.gl.R8, this.gl.RED, this.gl.UNSIGNED_BYTE, frame);
  }

  draw(view: View, box: Box): void {
    const { gl, canvas } = this;
    const start = toCanvas(view, box, canvas, { x: 0, y: 0 });
    const end = toCanvas(view, box, canvas, { x: this.size.width, y: this.size.height });
    const x = (value: number) => (value / canvas.width) * 2 - 1;
    const y = (value: number) => 1 - (value / canvas.height) * 2;
    // Past four screen pixels to one of the image a reader wants to see the pixels, not a guess between them.
    const filter = (end.x - start.x) / this.size.width > 4 ? gl.NEAREST : gl.LINEAR;
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform4f(this.corners, x(start.x), y(start.y), x(end.x), y(end.y));
    gl.uniform3f(this.grey, (view.level - view.window / 2) / 255, view.window / 255, view.inverted ? 1 : 0);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  close(): void {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

function isNeutral(view: View): boolean {
  return view.window === NEUTRAL.window && view.level === NEUTRAL.level && !view.inverted;
}

class CanvasRenderer implements Renderer {
  readonly kind = "canvas2d";
  private readonly stored = document.createElement("canvas");
  private readonly painted = document.createElement("canvas");
  private grey: ImageData | null = null;
  private paintedWith = "";

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly context: CanvasRenderingContext2D,
  ) {}

  load(frame: ImageBitmap): void {
    this.stored.width = frame.width;
    this.stored.height = frame.height;
    this.stored.getContext("2d", { willReadFrequently: true })?.drawImage(frame, 0, 0);
    this.grey = null;
    this.paintedWith = "";
  }

  draw(view: View, box: Box): void {
    const { context, canvas, stored } = this;
    const picture = isNeutral(view) ? stored : this.paint(view);
    const start = toCanvas(view, box, canvas, { x: 0, y: 0 });
    const end = toCanvas(view, box, canvas, { x: stored.width, y: stored.height });
    context.fillStyle = "black";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = (end.x - start.x) / stored.width <= 4;
    context.drawImage(picture, start.x, start.y, end.x - start.x, end.y - start.y);
  }

  private paint(view: View): HTMLCanvasElement {
    const { stored, painted } = this;
    const key = `${view.window} ${view.level} ${view.inverted}`;
    if (key === this.paintedWith) return painted;
    this.paintedWith = key;
    this.grey ??= stored.getContext("2d")?.getImageData(0, 0, stored.width, stored.height) ?? null;
    if (!this.grey) return stored;
    [painted.width, painted.height] = [stored.width, stored.height];
    const table = Uint8ClampedArray.from({ length: 256 }, (_, grey) => shown(view, grey));
    const source = this.grey.data;
    const target = new ImageData(this.grey.width, this.grey.height);
    for (let index = 0; index < source.length; index += 4) {
      const grey = table[source[index] ?? 0] ?? 0;
      target.data[index] = target.data[index + 1] = target.data[index + 2] = grey;
      target.data[index + 3] = 255;
    }
    painted.getContext("2d")?.putImageData(target, 0, 0);
    return painted;
  }

  close(): void {
    this.grey = null;
  }
}

/** Ready at once, everywhere: what shows the first picture. */
export function plainRenderer(canvas: HTMLCanvasElement): Renderer {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  return new CanvasRenderer(canvas, context);
}

/** Fast, where there is WebGL2; making it can take a third of a second on a machine without a graphics card. */
export function fastRenderer(canvas: HTMLCanvasElement): Renderer | null {
  const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, preserveDrawingBuffer: true });
  return gl ? new WebglRenderer(canvas, gl) : null;
}
