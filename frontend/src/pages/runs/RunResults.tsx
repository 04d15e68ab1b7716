import { Anchor, Grid, Group, Paper, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import type { PlotlyFigure, Run } from "~/api/types";
import { Plot } from "~/charts/Plot";
import { MetricTable } from "~/ui/MetricTable";
import { Failed, Loading } from "~/ui/states";

/** What the test part says of a finished run: ROC, confusion, every metric, and the files behind them. */
export function RunResults({ run }: { run: Run }) {
  const { t } = useTranslation();
  const figures = useQuery(queries.runFigures(run.id));
  return (
    <Grid gap="md" data-testid="run-results">
      {figures.isPending ? (
        <Grid.Col span={12}>
          <Loading rows={1} height={400} />
        </Grid.Col>
      ) : null}
      {figures.error ? (
        <Grid.Col span={12}>
          <Failed error={figures.error} retry={() => void figures.refetch()} />
        </Grid.Col>
      ) : null}
      <Grid.Col span={{ base: 12, xl: 7 }}>
        <Figure name="roc" run={run} figure={figures.data?.roc} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Figure name="confusion" run={run} figure={figures.data?.confusion} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7, xl: 12 }}>
        <Paper component="section">
          <Group justify="space-between">
            <Title order={2}>{t("metrics.title")}</Title>
            <Group gap="md">
              <Anchor href={`/api/v1/runs/${run.id}/predictions.csv/`} download>
                <IconDownload size={14} aria-hidden /> {t("runs.predictions")}
              </Anchor>
              <Anchor href={`/api/v1/runs/${run.id}/metrics.json/`} download>
                <IconDownload size={14} aria-hidden /> {t("runs.metricsFile")}
              </Anchor>
            </Group>
          </Group>
          <MetricTable patient={run.metrics} image={run.image_metrics} />
        </Paper>
      </Grid.Col>
    </Grid>
  );
}

function Figure({ name, run, figure }: { name: "roc" | "confusion"; run: Run; figure?: PlotlyFigure }) {
  const { t } = useTranslation();
  if (!figure) return null;
  return (
    <Paper component="section" h="100%" data-figure={name}>
      <Title order={2}>{t(`figures.${name}`)}</Title>
      <Plot figure={figure} label={t(`figures.${name}Label`, { name: run.name })} />
    </Paper>
  );
}
