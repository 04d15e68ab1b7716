import { Box, Skeleton, useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { PlotlyFigure } from "~/api/types";
import { theme } from "~/theme";

/** Half a megabyte, fetched when the first figure is on the page. */
const library = () => import("plotly.js-cartesian-dist-min").then((module) => module.default);

const FONT = theme.fontFamily;
const CONFIG = {
  displaylogo: false,
  responsive: false,
  modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
};

/** Figures keep their own traces and titles; the page gives them its paper, its ink and its size. */
function dressed(layout: Record<string, unknown>, height: number, dark: boolean): Record<string, unknown> {
  const ink = dark ? "#d5dce1" : "#2b343b";
  return {
    ...layout,
    autosize: true,
    width: undefined,
    height,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { ...(layout.font as object | undefined), color: ink, family: FONT },
  };
}

interface PlotProps {
  figure: PlotlyFigure;
  /** What the figure shows, for those who cannot see it. */
  label: string;
  /** Where the figure does not bring its own. */
  height?: number;
}

export function Plot({ figure, label, height: otherwise = 380 }: PlotProps) {
  const height = typeof figure.layout.height === "number" ? figure.layout.height : otherwise;
  const place = useRef<HTMLDivElement>(null);
  const dark = useComputedColorScheme("light") === "dark";
  const [drawn, setDrawn] = useState(false);

  useEffect(() => {
    let gone = false;
    void library().then(async (plotly) => {
      if (gone || !place.current) return;
      await plotly.react(place.current, figure.data, dressed(figure.layout, height, dark), CONFIG);
      setDrawn(true);
    });
    return () => {
      gone = true;
    };
  }, [figure, height, dark]);

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
    <Box component="figure" m={0} role="group" aria-label={label} data-testid="figure" data-drawn={drawn}>
      <Box pos="relative" mih={height}>
        {drawn ? null : <Skeleton height={height} pos="absolute" inset={0} />}
        <div ref={place} />
      </Box>
    </Box>
  );
}
