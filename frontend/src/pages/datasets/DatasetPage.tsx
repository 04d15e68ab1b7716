import { Button, Code, Grid, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { spoken } from "~/i18n";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { Dataset } from "~/api/types";
import { isSettled } from "~/live/jobStream";
import { useJob } from "~/live/useJob";
import { SimulatedBadge } from "~/ui/badges";
import { NOTHING, useFormats } from "~/ui/formats";
import { JobProgress } from "~/ui/JobProgress";
import { ButtonTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Failed, FailureAlert, Loading } from "~/ui/states";
import { offerUndo } from "~/ui/undo";
import { DatasetState } from "./DatasetsPage";
import { Flow } from "./Flow";
import { IntakeAudit } from "./IntakeAudit";
import { Members } from "./Members";
import { StageTable } from "./StageTable";

const route = getRouteApi("/shell/datasets/$datasetId");
const PARTS = ["train", "validation", "test"] as const;

export function DatasetPage() {
  const { t } = useTranslation();
  const { datasetId } = route.useParams();
  const dataset = useQuery(queries.dataset(datasetId));
  if (dataset.data) return <Detail dataset={dataset.data} />;
  return (
    <Page title={t("datasets.title")}>
      {dataset.error ? <Failed error={dataset.error} retry={() => void dataset.refetch()} /> : <Loading />}
    </Page>
  );
}

function Detail({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation();
  const format = useFormats();
  const can = useCan();
  const { counts } = dataset;
  const facts = [
    [t("datasets.hash"), dataset.hash ? <Code key="hash">{dataset.hash.slice(0, 16)}</Code> : NOTHING],
    [t("datasets.splitSeed"), format.count(dataset.split_seed)],
    [t("datasets.patients"), format.count(counts.total?.patients)],
    [t("datasets.images"), format.count(counts.total?.images)],
    [t("datasets.sites"), dataset.sites.map((site) => site.code).join(", ") || NOTHING],
    [t("common.by"), dataset.created_by ?? NOTHING],
    [t("datasets.frozenAt"), format.moment(dataset.frozen_at)],
  ] as const;
  return (
    <Page
      title={`${dataset.name} v${dataset.version}`}
      beside={
        <>
          <DatasetState state={dataset.state} />
          {dataset.simulated ? <SimulatedBadge /> : null}
        </>
      }
      lead={spoken(dataset.note)}
      actions={
        <>
          {dataset.state === "failed" && can("datasets.destroy") ? <Discard dataset={dataset} /> : null}
          {dataset.state === "frozen" && can("runs.create") ? (
            <ButtonTo to="/runs/new" search={{ dataset: dataset.id }} variant="default">
              {t("datasets.launch")}
            </ButtonTo>
          ) : null}
          {dataset.state === "frozen" && can("experiments.create") ? (
            <ButtonTo to="/experiments/new" search={{ dataset: dataset.id }}>
              {t("experiments.run")}
            </ButtonTo>
          ) : null}
        </>
      }
    >
      {dataset.failure ? <FailureAlert failure={dataset.failure} /> : null}
      {dataset.hidden ? (
        <Text size="sm" role="note">
          {t("blinded.counts", { count: dataset.hidden })}
        </Text>
      ) : null}
      {dataset.state === "building" && dataset.job ? <Building job={dataset.job} id={dataset.id} /> : null}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Paper h="100%">
            <Title order={2} mb="sm">
              {t("datasets.facts")}
            </Title>
            <Stack gap={6}>
              {facts.map(([label, value]) => (
                <Group key={label} justify="space-between" wrap="nowrap">
                  <Text size="sm" c="dimmed">
                    {label}
                  </Text>
                  <Text size="sm" component="div">
                    {value}
                  </Text>
                </Group>
              ))}
            </Stack>
          </Paper>
        </Grid.Col>
        {counts.by_split ? (
          <Grid.Col span={{ base: 12, md: 8 }}>
            <Paper h="100%">
              <Title order={2} mb="xs">
                {t("datasets.splitTitle")}
              </Title>
              <StageTable
                caption={t("datasets.bySplit")}
                first={t("datasets.part")}
                rows={PARTS.map((part) => ({ name: t(`datasets.split.${part}`), counts: counts.by_split?.[part] }))}
              />
              <Text size="xs" c="dimmed" mt="xs">
                {t("datasets.strict")}
              </Text>
            </Paper>
          </Grid.Col>
        ) : null}
        {counts.flow?.length ? (
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Paper h="100%">
              <Title order={2} mb="sm">
                {t("datasets.flow.title")}
              </Title>
              <Flow steps={counts.flow} />
            </Paper>
          </Grid.Col>
        ) : null}
        {counts.by_site ? (
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Paper h="100%">
              <Title order={2} mb="xs">
                {t("datasets.bySiteTitle")}
              </Title>
              <StageTable
                caption={t("datasets.bySite")}
                first={t("common.site")}
                rows={Object.entries(counts.by_site).map(([name, stages]) => ({ name, counts: stages }))}
              />
            </Paper>
          </Grid.Col>
        ) : null}
      </Grid>
      {dataset.state === "frozen" ? (
        <>
          <IntakeAudit dataset={dataset.id} />
          <Members dataset={dataset.id} />
        </>
      ) : null}
    </Page>
  );
}

function Building({ job, id }: { job: string; id: string }) {
  const client = useQueryClient();
  const followed = useJob(job);
  const settled = isSettled(followed?.job?.state);
  useEffect(() => {
    if (settled) void client.invalidateQueries({ queryKey: queries.dataset(id).queryKey });
  }, [settled, client, id]);
  if (!followed?.job) return <Loading rows={1} />;
  return (
    <Paper>
      <JobProgress job={followed.job} connection={followed.connection} />
    </Paper>
  );
}

function Discard({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  return (
    <>
      <Button
        variant="default"
        onClick={() => {
          // A failed version holds nothing that could be put into a trash, so its removal waits for the undo.
          offerUndo({
            text: t("removed.dataset", { name: `${dataset.name} v${dataset.version}` }),
            undo: () => navigate({ to: "/datasets/$datasetId", params: { datasetId: dataset.id } }),
            commit: async () => {
              await api.discardDataset(dataset.id);
              await client.invalidateQueries({ queryKey: ["datasets"] });
            },
          });
          void navigate({ to: "/datasets" });
        }}
      >
        {t("datasets.discard")}
      </Button>
    </>
  );
}
