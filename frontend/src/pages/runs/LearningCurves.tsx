import { Group, Paper, SegmentedControl, SimpleGrid, Text, Title } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Plot } from "~/charts/Plot";
import { learningFigure, type Quantity } from "~/charts/learning";
import type { Curve } from "~/live/curves";
import { phaseName } from "~/ui/phases";

/** Loss and accuracy of one phase side by side; follows the phase under way until the reader picks one. */
export function LearningCurves({ curves, waiting }: { curves: Curve[]; waiting: boolean }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const curve = curves.find((one) => one.phase === chosen) ?? curves.at(-1);
  return (
    <Paper component="section" data-testid="learning-curves" data-points={curve?.points.length ?? 0}>
      <Group justify="space-between" mb="xs">
        <Title order={2}>{t("runs.curves")}</Title>
        {curves.length > 1 ? (
          <SegmentedControl
            size="xs"
            aria-label={t("runs.phase")}
            data={curves.map(({ phase }) => ({ value: phase, label: phaseName(phase) }))}
            value={curve?.phase ?? ""}
            onChange={setChosen}
          />
        ) : null}
      </Group>
      {curve ? (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <CurvePlot curve={curve} quantity="loss" />
          <CurvePlot curve={curve} quantity="accuracy" />
        </SimpleGrid>
      ) : (
        <Text size="sm" c="dimmed">
          {waiting ? t("runs.curvesWaiting") : t("runs.curvesNone")}
        </Text>
      )}
    </Paper>
  );
}

function CurvePlot({ curve, quantity }: { curve: Curve; quantity: Quantity }) {
  const { t } = useTranslation();
  const value = t(`runs.${quantity}`);
  const figure = useMemo(
    () =>
      learningFigure(curve, quantity, {
        epoch: t("runs.epoch"),
        train: t("datasets.split.train"),
        validation: t("datasets.split.validation"),
        value,
      }),
    [curve, quantity, value, t],
  );
  return <Plot figure={figure} height={290} label={t("runs.curveLabel", { value, phase: phaseName(curve.phase) })} />;
}
