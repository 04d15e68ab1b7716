import { Box, Skeleton, Text, useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PlotlyFigure } from "~/api/types";
import { dressed, heightOf, titleOf } from "./dress";

/** Half a megabyte, fetched when the first figure is on the page. */
const library = () => import("plotly.js-cartesian-dist-min").then((module) => module.default);

const CONFIG = {
  displaylogo: false,
  responsive: false,
  modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
};

interface PlotProps {
  figure: PlotlyFigure;
  /** What the figure shows, for those who cannot see it. */
  label: string;
  /** Where the figure does not bring its own. */
  height?: number;
}

export function Plot({ figure, label, height: otherwise = 380 }: PlotProps) {
  const { i18n } = useTranslation();
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
      await plotly.react(place.current, data, layout, CONFIG);
      setDrawn(true);
    });
    return () => {
      gone = true;
    };
  }, [figure, height, dark, i18n.language]);

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
