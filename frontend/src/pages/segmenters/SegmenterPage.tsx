import { Code, Paper, SimpleGrid, Stack, Table, Tabs, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { segmenterQueries, type SegmenterDetail } from "~/api/segmenters";
import { curvesOf } from "~/live/curves";
import { isSettled } from "~/live/jobStream";
import { useJob } from "~/live/useJob";
import { Card } from "~/pages/models/Card";
import { LearningCurves } from "~/pages/runs/LearningCurves";
import { Parameters } from "~/pages/runs/Parameters";
import { SimulatedBadge } from "~/ui/badges";
import { EventLogView } from "~/ui/EventLogView";
import { useFormats } from "~/ui/formats";
import { JobProgress } from "~/ui/JobProgress";
import { Page } from "~/ui/Page";
import { Failed, Loading } from "~/ui/states";
import { Figure } from "./Figure";
import { SegmenterActions } from "./SegmenterActions";
import { ActiveBadge } from "./SegmentersPage";

const route = getRouteApi("/shell/segmenters/$segmenterId");
const METRICS = ["dice", "hausdorff", "hausdorff_95", "box_coverage", "liver_found", "absence_recognised"] as const;

export function SegmenterPage() {
  const { t } = useTranslation();
  const { segmenterId } = route.useParams();
  const segmenter = useQuery(segmenterQueries.one(segmenterId));
  if (segmenter.data) return <Detail key={segmenterId} segmenter={segmenter.data} />;
  return (
    <Page title={t("segmenters.title")}>
      {segmenter.error ? <Failed error={segmenter.error} retry={() => void segmenter.refetch()} /> : <Loading rows={6} height={60} />}
    </Page>
  );
}

function Detail({ segmenter }: { segmenter: SegmenterDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const client = useQueryClient();
  const followed = useJob(segmenter.job.id);
  const job = followed?.job ?? segmenter.job;
  const rows = useMemo(() => followed?.log.rows ?? [], [followed?.log.rows]);
  const curves = useMemo(() => curvesOf(rows), [rows]);
  const settled = isSettled(job.state);
  const trained = segmenter.sha256 !== "";

  useEffect(() => {
    // Figures and examples are written in the same step that settles the job.
    if (settled && segmenter.state !== job.state) void client.invalidateQueries({ queryKey: ["segmenters"] });
  }, [settled, segmenter.state, job.state, client]);

  return (
    <Page
      title={segmenter.name}
      beside={
        <>
          {segmenter.active ? <ActiveBadge /> : null}
          {segmenter.simulated ? <SimulatedBadge /> : null}
        </>
      }
      lead={[segmenter.sites.map((site) => site.code).join(", "), segmenter.created_by, format.moment(segmenter.created_at)]
        .filter(Boolean)
        .join(" · ")}
      actions={<SegmenterActions segmenter={segmenter} state={job.state} resumed={() => followed?.restart()} />}
    >
      <Paper data-testid="segmenter-progress" data-state={job.state}>
        <JobProgress job={job} connection={followed?.connection} />
        {followed?.error ? <Failed error={followed.error} compact /> : null}
      </Paper>
      {trained ? (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Paper component="section">
            <Title order={2} mb="xs">
              {t("segmenters.figures")}
            </Title>
            <Table verticalSpacing={4} data-testid="segmenter-metrics">
              <Table.Caption style={{ captionSide: "top", textAlign: "start" }}>{t("segmenters.caption")}</Table.Caption>
              <Table.Tbody>
                {METRICS.filter((name) => name in segmenter.metrics).map((name) => (
                  <Table.Tr key={name} data-metric={name}>
                    <Table.Td>{t(`segmenters.metric.${name}`)}</Table.Td>
                    <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
                      {format.metric(segmenter.metrics[name])}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Paper>
          <Paper component="section">
            <Title order={2} mb="xs">
              {t("segmenters.use")}
            </Title>
            <Stack gap={4}>
              <Text size="sm">{t(segmenter.active ? "segmenters.useActive" : "segmenters.useIdle")}</Text>
              {segmenter.active && segmenter.activated_by ? (
                <Text size="sm" c="dimmed">
                  {[segmenter.activated_by, format.moment(segmenter.activated_at)].join(" · ")}
                </Text>
              ) : null}
              <Text size="sm" c="dimmed" component="div">
                {t("segmenters.hash")} <Code style={{ overflowWrap: "anywhere" }}>{segmenter.sha256}</Code>
              </Text>
            </Stack>
          </Paper>
        </SimpleGrid>
      ) : null}
      {segmenter.example_count ? <Examples segmenter={segmenter} /> : null}
      <LearningCurves curves={curves} waiting={!settled} />
      <Tabs defaultValue="log" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="log">{t("runs.log")}</Tabs.Tab>
          <Tabs.Tab value="record">{t("runs.record")}</Tabs.Tab>
          {segmenter.card ? <Tabs.Tab value="card">{t("models.card")}</Tabs.Tab> : null}
        </Tabs.List>
        <Tabs.Panel value="log" pt="sm">
          <EventLogView rows={rows} />
        </Tabs.Panel>
        <Tabs.Panel value="record" pt="sm">
          <Parameters
            title={t("runs.record")}
            values={{ options: segmenter.options, material: segmenter.material, ...(segmenter.record as object) }}
          />
        </Tabs.Panel>
        <Tabs.Panel value="card" pt="sm">
          <Card text={segmenter.card} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

/** Held-out images with both outlines, from the worst to the best. */
function Examples({ segmenter }: { segmenter: SegmenterDetail }) {
  const { t } = useTranslation();
  return (
    <Paper component="section" data-testid="segmenter-examples">
      <Title order={2}>{t("segmenters.examples")}</Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t("segmenters.examplesText")}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {Array.from({ length: segmenter.example_count }, (_, number) => (
          <Figure key={number} id={segmenter.id} number={number} count={segmenter.example_count} />
        ))}
      </SimpleGrid>
    </Paper>
  );
}
