import { Box as Rectangle, Text } from "@mantine/core";
import { useResizeObserver } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import type { ImageRow } from "~/api/types";
import { useFormats } from "~/ui/formats";
import { barOf, centimetresPerPixel } from "./region";
import { type Box, scaleOf, type View } from "./view";

interface ScaleBarProps {
  image: Pick<ImageRow, "regions">;
  view: View;
  box: Box;
}

/** A ruler in centimetres, only where the file calibrates its pixels alike in both directions. */
export function ScaleBar({ image, view, box }: ScaleBarProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const [watch, rectangle] = useResizeObserver<HTMLDivElement>();
  const size = { width: rectangle.width, height: rectangle.height };
  const centimetres = centimetresPerPixel(image);
  const bar = centimetres && size.width ? barOf(centimetres, scaleOf(view, box, size), size.width * 0.3) : null;
  return (
    <Rectangle ref={watch} pos="absolute" inset={0} style={{ pointerEvents: "none" }}>
      {bar ? (
        <Rectangle pos="absolute" right={10} bottom={8} data-testid="scale-bar" data-cm={bar.cm}>
          <Text size="xs" c="#e6edf0" ta="center" style={{ textShadow: "0 0 3px #000, 0 0 3px #000" }}>
            {t("viewer.ruler", { length: format.decimal(bar.cm, bar.cm < 1 ? 1 : 0) })}
          </Text>
          {/* Pixels of the screen: the `w` of Mantine would grow with the reader's letters, and the ruler would lie. */}
          <div
            data-testid="scale-bar-length"
            style={{
              width: `${String(bar.pixels)}px`,
              height: 5,
              marginInline: "auto",
              border: "solid #e6edf0",
              borderWidth: "0 1.5px 1.5px",
              filter: "drop-shadow(0 0 1px #000)",
            }}
          />
        </Rectangle>
      ) : null}
    </Rectangle>
  );
}
