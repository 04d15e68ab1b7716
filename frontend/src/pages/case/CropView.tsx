import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Crop } from "~/api/segmenters";
import type { ExamDetail, ImageRow, Staging } from "~/api/types";
import { useFormats } from "~/ui/formats";
import { frameAddress } from "~/viewer/frames";

/** What the model saw: each frame with the box that was cut out of it, and those without a liver. */
export function CropView({ exam, staging }: { exam: ExamDetail; staging: Staging }) {
  const { t } = useTranslation();
  const crops = staging.result?.crops ?? [];
  if (!crops.length) return null;
  const images = new Map(exam.images.map((image) => [image.id, image]));
  return (
    <Paper mt="sm">
      <Stack gap={6} data-testid="crops">
        <Title order={2}>{t("crops.title")}</Title>
        {crops.some((crop) => typeof crop.weight === "number") ? <Text size="sm">{t("crops.weights")}</Text> : null}
        <Group gap="xs" align="flex-start">
          {crops.map((crop) => (
            <CropFigure key={`${crop.image}-${crop.frame}`} crop={crop} image={images.get(crop.image)} />
          ))}
        </Group>
      </Stack>
    </Paper>
  );
}

const WIDTH = 132;

function CropFigure({ crop, image }: { crop: Crop; image: ImageRow | undefined }) {
  const { t } = useTranslation();
  const format = useFormats();
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = crop.box;
  const state = crop.liver_found === false ? "absent" : crop.kind;
  const words = t(`crops.${state}`);
  const place = t("crops.label", { band: crop.band, frame: crop.frame + 1, words });
  return (
    <figure style={{ margin: 0, width: WIDTH, opacity: crop.used ? 1 : 0.6 }} data-crop={state} data-used={crop.used}>
      {image ? (
        <svg viewBox={`0 0 ${image.columns} ${image.rows}`} width={WIDTH} role="img" aria-label={place}>
          <rect width={image.columns} height={image.rows} fill="black" />
          <image href={frameAddress(image.id, crop.frame)} width={image.columns} height={image.rows} />
          <rect
            x={x0}
            y={y0}
            width={x1 - x0}
            height={y1 - y0}
            fill="none"
            stroke="#56b4e9"
            strokeWidth={2}
            strokeDasharray={crop.kind === "liver" ? undefined : "6 4"}
            vectorEffect="non-scaling-stroke"
          />
        </svg>
      ) : null}
      <figcaption>
        <Text size="xs">
          {crop.band} · {words}
          {crop.used ? "" : ` · ${t("crops.unused")}`}
          {typeof crop.weight === "number" ? ` · ${t("crops.weight", { share: format.percent(crop.weight) })}` : ""}
        </Text>
      </figcaption>
    </figure>
  );
}
