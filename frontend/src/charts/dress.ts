/** A figure of the server in the page's paper and ink, with its words in the reader's language. */
import type { PlotlyFigure } from "~/api/types";
import { spoken } from "~/i18n";
import { theme } from "~/theme";

/** Height that the title took above the plot, and what the words beside it still need. */
const TITLE_PX = 30;
const LEAST_TOP_PX = 40;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every `text`, `name` and `ticktext` that people read, translated; numbers and everything else untouched. */
function translated(value: unknown): unknown {
  if (Array.isArray(value)) return value.some(isObject) ? value.map(translated) : value;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      (key === "text" || key === "name") && typeof inner === "string"
        ? spoken(inner)
        : key === "ticktext" && Array.isArray(inner)
          ? inner.map((tick: unknown) => (typeof tick === "string" ? spoken(tick) : tick))
          : translated(inner),
    ]),
  );
}

/** The figure's own title, which stands above it as text: on the plot it would run into what is beside it. */
export function titleOf(figure: PlotlyFigure): string {
  const { title } = figure.layout;
  return isObject(title) && typeof title.text === "string" ? spoken(title.text) : "";
}

/** Pixels that the figure needs less without its title. */
function saved(figure: PlotlyFigure): number {
  const { margin } = figure.layout;
  if (!titleOf(figure) || !isObject(margin) || typeof margin.t !== "number") return 0;
  return Math.max(0, Math.min(TITLE_PX, margin.t - LEAST_TOP_PX));
}

export function heightOf(figure: PlotlyFigure, otherwise: number): number {
  const { height } = figure.layout;
  return typeof height === "number" ? height - saved(figure) : otherwise;
}

export function dressed(figure: PlotlyFigure, height: number, dark: boolean): { data: object[]; layout: Record<string, unknown> } {
  const layout = { ...figure.layout };
  delete layout.title;
  const margin = isObject(layout.margin) ? layout.margin : {};
  const top = typeof margin.t === "number" ? margin.t - saved(figure) : margin.t;
  const ink = dark ? "#d5dce1" : "#2b343b";
  return {
    data: translated(figure.data) as object[],
    layout: {
      ...(translated(layout) as Record<string, unknown>),
      autosize: true,
      width: undefined,
      height,
      margin: { ...margin, t: top },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { size: 12, ...(isObject(layout.font) ? layout.font : {}), color: ink, family: theme.fontFamily },
    },
  };
}

const MARGINS = new Set(["l", "r", "t", "b"]);
const OFFSETS = new Set(["xshift", "yshift", "ax", "ay", "standoff"]);

/** Words and the room for them grow with the letters of the page (1: 16 pixels), which are larger on a large screen. */
export function enlarged<Part>(part: Part, factor: number, within = ""): Part {
  if (factor === 1) return part;
  if (Array.isArray(part)) return (part.some(isObject) ? part.map((inner: unknown) => enlarged(inner, factor)) : part) as Part;
  if (!isObject(part)) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => {
      const grows =
        (key === "size" && /font$/.test(within)) || (within === "margin" && MARGINS.has(key)) || OFFSETS.has(key);
      return [key, grows && typeof value === "number" ? value * factor : enlarged(value, factor, key)];
    }),
  ) as Part;
}
