// @vitest-environment jsdom
import { beforeAll, describe, expect, it } from "vitest";
import { startTranslation, switchLanguage } from "~/i18n";
import { dressed, enlarged, heightOf, titleOf } from "./dress";

const figure = {
  data: [{ type: "scatter", name: "macro  0.50 (0.40–0.60)", x: [0, 1], y: [0, 1] }],
  layout: {
    title: { text: "ROC, 27 patients" },
    height: 560,
    margin: { t: 84, l: 56 },
    xaxis: { title: { text: "1 − specificity" } },
    annotations: [{ text: "Each stage against the rest", x: 0.5 }],
  },
};

describe("a figure of the server", () => {
  beforeAll(startTranslation);

  it("hands its title to the page and keeps its height without it", () => {
    expect(titleOf(figure)).toBe("ROC, 27 patients");
    const { layout } = dressed(figure, heightOf(figure, 300), false);
    expect(layout.title).toBeUndefined();
    expect([layout.height, (layout.margin as { t: number }).t]).toEqual([530, 54]);
  });

  it("keeps room for what stands beside the title", () => {
    const tight = { ...figure, layout: { ...figure.layout, margin: { t: 56 } } };
    const { layout } = dressed(tight, heightOf(tight, 300), false);
    expect([layout.height, layout.margin]).toEqual([544, { t: 40 }]);
  });

  it("speaks the reader's language and leaves its numbers alone", async () => {
    await switchLanguage("zh-hans");
    const { data, layout } = dressed(figure, 500, true);
    expect(data).toEqual([{ type: "scatter", name: "宏平均  0.50 (0.40–0.60)", x: [0, 1], y: [0, 1] }]);
    expect(layout.xaxis).toEqual({ title: { text: "1 − 特异度" } });
    expect(layout.annotations).toEqual([{ text: "各期对其余", x: 0.5 }]);
    expect(titleOf(figure)).toBe("ROC，27 位患者");
    const ticks = { type: "category", ticktext: ["acceptable", 3] };
    expect(dressed({ data: [], layout: { xaxis: ticks } }, 500, true).layout.xaxis).toEqual({
      type: "category",
      ticktext: ["合格", 3],
    });
    await switchLanguage("en");
  });

  it("grows with the letters of the page: words, margins and distances, not what is drawn", () => {
    const part = {
      font: { size: 12, color: "#000" },
      margin: { t: 40, l: 56, pad: 2 },
      xaxis: { title: { font: { size: 12 }, standoff: 10 }, range: [0, 1], tickfont: { size: 10 } },
      annotations: [{ yshift: 24, x: 0.5, font: { size: 11 } }],
      marker: { size: 6 },
    };
    expect(enlarged(part, 1)).toBe(part);
    expect(enlarged(part, 1.5)).toEqual({
      font: { size: 18, color: "#000" },
      margin: { t: 60, l: 84, pad: 2 },
      xaxis: { title: { font: { size: 18 }, standoff: 15 }, range: [0, 1], tickfont: { size: 15 } },
      annotations: [{ yshift: 36, x: 0.5, font: { size: 16.5 } }],
      marker: { size: 6 },
    });
  });
});
