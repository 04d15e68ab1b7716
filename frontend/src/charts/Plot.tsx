import { Box, Skeleton, Text, useComputedColorScheme } from "@mantine/core";
import type { TFunction } from "i18next";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PlotlyFigure } from "~/api/types";
import { dressed, enlarged, heightOf, titleOf } from "./dress";

/** Half a megabyte, fetched when the first figure is on the page. */
const library = () => import("plotly.js-cartesian-dist-min").then((module) => module.default);

/** The figures are about patients: no button sends them to anybody's cloud. */
const CONFIG = {
  displaylogo: false,
  responsive: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
};

/** The tool bar's sentences, by those that Plotly has of its own. */
function toolWords(t: TFunction): Record<string, string> {
  return {
    "Download plot as a PNG": t("chart.download"),
    "Taking snapshot - this may take a few seconds": t("chart.taking"),
    "Snapshot succeeded": t("chart.taken"),
    Zoom: t("chart.zoom"),
    Pan: t("chart.pan"),
    "Zoom in": t("chart.zoomIn"),
    "Zoom out": t("chart.zoomOut"),
    "Reset axes": t("chart.reset"),
    "Double-click to zoom back out": t("chart.back"),
  };
}

/** How large the page's letters are, 1 at 16 pixels: styles.css enlarges them on a large screen. */
function letterSize(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
}

interface PlotProps {
  figure: PlotlyFigure;
  /** What the figure shows, for those who cannot see it. */
  label: string;
  /** Where the figure does not bring its own. */
  height?: number;
}

export function Plot({ figure, label, height: otherwise = 380 }: PlotProps) {
  const { t, i18n } = useTranslation();
  const [letters] = useState(letterSize);
  const height = heightOf(figure, otherwise);
  const title = titleOf(figure);
  const place = useRef<HTMLDivElement>(null);
  const dark = useComputedColorScheme("light") === "dark";
  const [drawn, setDrawn] = useState(false);

  useEffect(() => {
    let gone = false;
    void library().then(async (plotly) => {
      if (gone || !place.current) return;
      const { data, layout } = dressed(figure, height, dark);
      plotly.register({ moduleType: "locale", name: i18n.language, dictionary: toolWords(t), format: {} });
      await plotly.react(
        place.current,
        enlarged(data, letters),
        { ...enlarged(layout, letters), height: height * letters },
        { ...CONFIG, locale: i18n.language },
      );
      setDrawn(true);
    });
    return () => {
      gone = true;
    };
  }, [figure, height, letters, dark, i18n.language, t]);

  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(() => {
      if (element.classList.contains("js-plotly-plot")) {
        void library().then((plotly) => {
          if (element.isConnected) plotly.Plots.resize(element);
        });
      }
    });
    watch.observe(element);
    return () => {
      watch.disconnect();
      void library().then((plotly) => {
        if (!element.isConnected) plotly.purge(element);
      });
    };
  }, []);

  return (
    <Box component="figure" m={0} aria-label={label} data-testid="figure" data-drawn={drawn}>
      {title ? (
        <Text component="figcaption" size="sm" c="dimmed">
          {title}
        </Text>
      ) : null}
      <Box pos="relative" mih={height}>
        {drawn ? null : <Skeleton height={height} pos="absolute" inset={0} />}
        <div ref={place} />
      </Box>
    </Box>
  );
}
