/** Live curves of a run as a Plotly figure, from the epochs that have come in so far. */
import type { PlotlyFigure } from "~/api/types";
import type { Curve, EpochPoint } from "~/live/curves";
import { CURVE_COLOURS } from "~/theme";

export interface CurveWords {
  epoch: string;
  train: string;
  validation: string;
  value: string;
}

export type Quantity = "loss" | "accuracy";

const PICK: Record<Quantity, [(point: EpochPoint) => number, (point: EpochPoint) => number | null]> = {
  loss: [(point) => point.trainLoss, (point) => point.validationLoss],
  accuracy: [(point) => point.trainAccuracy, (point) => point.validationAccuracy],
};

export function learningFigure(curve: Curve, quantity: Quantity, words: CurveWords): PlotlyFigure {
  const [train, validation] = PICK[quantity];
  const epochs = curve.points.map((point) => point.epoch);
  const total = Math.max(...curve.points.map((point) => point.epochs), 2);
  const trace = (name: string, y: (number | null)[], color: string, dash: string) => ({
    type: "scatter",
    mode: epochs.length < 40 ? "lines+markers" : "lines",
    name,
    x: epochs,
    y,
    line: { color, width: 2, dash },
    marker: { size: 5 },
    connectgaps: false,
  });
  const grid = { gridcolor: "rgba(128,128,128,0.22)", zeroline: false };
  return {
    data: [
      trace(words.train, curve.points.map(train), CURVE_COLOURS.train, "solid"),
      trace(words.validation, curve.points.map(validation), CURVE_COLOURS.validation, "dash"),
    ],
    layout: {
      // A key that stays the same keeps the reader's zoom while points arrive.
      uirevision: `${curve.phase} ${quantity}`,
      margin: { l: 56, r: 12, t: 28, b: 44 },
      xaxis: { ...grid, title: { text: words.epoch }, range: [0.5, total + 0.5], tickformat: "d", dtick: Math.ceil(total / 10) },
      yaxis: {
        ...grid,
        title: { text: words.value },
        ...(quantity === "accuracy" ? { range: [0, 1], tickformat: ".0%" } : { rangemode: "tozero" }),
      },
      legend: { orientation: "h", x: 0, y: 1.14 },
    },
  };
}
