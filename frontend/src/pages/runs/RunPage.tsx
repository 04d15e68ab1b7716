import { Grid, Paper, Stack, Tabs, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import type { RunDetail } from "~/api/types";
import { curvesOf, paceOf, phasesOf } from "~/live/curves";
import { isSettled } from "~/live/jobStream";
import { useJob } from "~/live/useJob";
import { SimulatedBadge } from "~/ui/badges";
import { useSpecTitles } from "~/forms/useSpecTitles";
import { EventLogView } from "~/ui/EventLogView";
import { useFormats } from "~/ui/formats";
import { JobProgress } from "~/ui/JobProgress";
import { LinkTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Failed, Loading } from "~/ui/states";
import { Withheld } from "~/ui/Withheld";
import { EffectiveCounts } from "./EffectiveCounts";
import { LearningCurves } from "./LearningCurves";
import { Parameters } from "./Parameters";
import { Pace, Phases } from "./Phases";
import { RunActions } from "./RunActions";
import { RunResults } from "./RunResults";
import { Transfers } from "./Transfers";

const route = getRouteApi("/shell/runs/$runId");

export function RunPage() {
  const { t } = useTranslation();
  const { runId } = route.useParams();
  const run = useQuery(queries.run(runId));
  if (run.data) return <Detail key={runId} run={run.data} />;
  return (
    <Page title={t("runs.one")}>
      {run.error ? <Failed error={run.error} retry={() => void run.refetch()} /> : <Loading rows={6} height={60} />}
    </Page>
  );
}

function Detail({ run }: { run: RunDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const client = useQueryClient();
  const followed = useJob(run.job?.id ?? null);
  const job = followed?.job ?? run.job;
  const rows = useMemo(() => followed?.log.rows ?? [], [followed?.log.rows]);
  const curves = useMemo(() => curvesOf(rows), [rows]);
  const settled = isSettled(job?.state);
  const specTitles = useSpecTitles();

  useEffect(() => {
    // The run's own row (metrics, model) is written in the same step that settles its job.
    if (settled && run.state !== job?.state) void client.invalidateQueries({ queryKey: ["runs", run.id] });
  }, [settled, run.state, run.id, job?.state, client]);

  return (
    <Page
      title={run.name}
      beside={run.simulated ? <SimulatedBadge /> : null}
      lead={
        <>
          <LinkTo to="/datasets/$datasetId" params={{ datasetId: run.dataset }} underline="always">
            {run.dataset_name}
          </LinkTo>
          {" · "}
          {[run.created_by, format.moment(run.created_at)].filter(Boolean).join(" · ")}
        </>
      }
      actions={<RunActions run={run} state={job?.state ?? run.state} resumed={() => followed?.restart()} />}
    >
      <Paper data-testid="run-progress" data-state={job?.state} data-last-seq={followed?.log.lastSeq ?? 0}>
        <Stack gap="sm">
          {job ? <JobProgress job={job} connection={followed?.connection} quiet={rows.length > 0} /> : null}
          <Phases phases={phasesOf(rows)} />
          {job?.state === "running" ? <Pace pace={paceOf(rows)} /> : null}
          {followed?.error ? <Failed error={followed.error} compact /> : null}
        </Stack>
      </Paper>
      {run.withheld ? <Withheld /> : null}
      {run.state === "succeeded" && !run.withheld ? <RunResults run={run} /> : null}
      <LearningCurves curves={curves} waiting={!settled} />
      <Tabs defaultValue="log" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="log">{t("runs.log")}</Tabs.Tab>
          <Tabs.Tab value="parameters">{t("runs.parameters")}</Tabs.Tab>
          <Tabs.Tab value="transfers">{t("comparators.transfers.title")}</Tabs.Tab>
          <Tabs.Tab value="record">{t("runs.record")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="log" pt="sm">
          <EventLogView rows={rows} />
        </Tabs.Panel>
        <Tabs.Panel value="parameters" pt="sm">
          <EffectiveCounts run={run} />
          <Parameters title={t("runs.parameters")} values={run.spec} nameOf={specTitles} />
        </Tabs.Panel>
        <Tabs.Panel value="transfers" pt="sm">
          <Transfers rows={rows} />
        </Tabs.Panel>
        <Tabs.Panel value="record" pt="sm">
          <Grid>
            <Grid.Col span={12}>
              <Title order={3}>{t("runs.recordTitle")}</Title>
              <Text size="sm" c="dimmed" mb="xs">
                {t("runs.recordText")}
              </Text>
              <Parameters title={t("runs.record")} values={{ dataset_hash: run.dataset_hash, ...(run.record as object), transfers: undefined }} />
            </Grid.Col>
          </Grid>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
