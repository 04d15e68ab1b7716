import { Box, Checkbox, Group, Progress, Select, Text, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { Run } from "~/api/types";
import { JOB_STATES, type RunsSearch } from "~/pages/search";
import { SimulatedBadge, StateBadge } from "~/ui/badges";
import { CursorPager } from "~/ui/CursorPager";
import { useFormats } from "~/ui/formats";
import { ButtonTo, LinkTo } from "~/ui/links";
import { type Column, Listing } from "~/ui/Listing";
import { Page } from "~/ui/Page";
import { WithheldCell } from "~/ui/Withheld";
import { SavedViews } from "~/views/SavedViews";

const route = getRouteApi("/shell/runs");

export function RunsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [chosen, setChosen] = useState<string[]>([]);
  const runs = useQuery(queries.runs({ ...search, state: search.state && [search.state] }));
  const datasets = useQuery(queries.datasets());
  const columns = useColumns(chosen, (id, yes) => {
    setChosen((held) => (yes ? [...held, id] : held.filter((one) => one !== id)));
  });
  const launch = can("runs.create") ? <ButtonTo to="/runs/new">{t("runs.launch")}</ButtonTo> : null;
  const change = (wanted: Partial<RunsSearch>) => {
    void navigate({ search: (held) => ({ ...held, cursor: undefined, ...wanted }), replace: true });
  };

  return (
    <Page
      title={t("runs.title")}
      lead={t("runs.lead")}
      actions={
        <>
          <SavedViews page="runs" />
          <ButtonTo to="/compare" search={{ ids: chosen }} variant="default" disabled={chosen.length < 2}>
            {t("runs.compare", { count: chosen.length })}
          </ButtonTo>
          {launch}
        </>
      }
    >
      <Group gap="xs" align="flex-end" role="search" aria-label={t("runs.filters")}>
        <Select
          label={t("runs.dataset")}
          w={240}
          clearable
          placeholder={t("common.any")}
          data={(datasets.data?.results ?? []).map((one) => ({ value: one.id, label: `${one.name} v${one.version}` }))}
          value={search.dataset ?? null}
          onChange={(dataset) => {
            change({ dataset: dataset ?? undefined });
          }}
        />
        <Select
          label={t("common.stateLabel")}
          w={170}
          clearable
          placeholder={t("common.any")}
          data={JOB_STATES.map((state) => ({ value: state, label: t(`common.state.${state}`) }))}
          value={search.state ?? null}
          onChange={(state) => {
            change({ state: (state as RunsSearch["state"] | null) ?? undefined });
          }}
        />
      </Group>
      <Listing
        name="runs"
        label={t("runs.title")}
        query={runs}
        columns={columns}
        none={{ title: t("runs.none.title"), text: t("runs.none.text"), action: launch }}
        minWidth={900}
      />
      {runs.data ? (
        <CursorPager
          page={runs.data}
          go={(cursor) => {
            void navigate({ search: (held) => ({ ...held, cursor }) });
          }}
        />
      ) : null}
    </Page>
  );
}

function useColumns(chosen: readonly string[], choose: (id: string, yes: boolean) => void): Column<Run>[] {
  const { t } = useTranslation();
  const format = useFormats();
  return [
    {
      title: <VisuallyHidden>{t("runs.choose")}</VisuallyHidden>,
      cell: (run) => (
        <Checkbox
          aria-label={t("runs.chooseOne", { name: run.name })}
          checked={chosen.includes(run.id)}
          onChange={(event) => {
            choose(run.id, event.currentTarget.checked);
          }}
        />
      ),
    },
    {
      title: t("runs.name"),
      cell: (run) => (
        <Group gap="xs">
          <LinkTo to="/runs/$runId" params={{ runId: run.id }} fw={600}>
            {run.name}
          </LinkTo>
          {run.simulated ? <SimulatedBadge /> : null}
        </Group>
      ),
    },
    { title: t("common.stateLabel"), cell: (run) => <State run={run} /> },
    {
      title: t("runs.dataset"),
      cell: (run) => (
        <LinkTo to="/datasets/$datasetId" params={{ datasetId: run.dataset }} size="sm">
          {run.dataset_name}
        </LinkTo>
      ),
    },
    { title: t("metrics.accuracy"), numeric: true, cell: (run) => (run.withheld ? <WithheldCell /> : format.percent(run.metrics.accuracy?.value)) },
    {
      title: t("metrics.auc_macro"),
      numeric: true,
      cell: (run) => (run.withheld ? <WithheldCell /> : format.decimal(run.metrics.auc_macro?.value, 3)),
    },
    { title: t("common.by"), cell: (run) => run.created_by },
    { title: t("common.created"), cell: (run) => format.moment(run.created_at) },
  ];
}

function State({ run }: { run: Run }) {
  const { t } = useTranslation();
  return (
    <Box miw={130}>
      <StateBadge state={run.state} />
      {run.state === "running" && run.job ? (
        <Progress value={run.job.progress * 100} size="xs" mt={4} aria-label={t("job.progressOf", { title: run.name })} />
      ) : null}
      {run.state === "queued" && run.job?.queue_position ? (
        <Text size="xs" c="dimmed">
          {t("job.position", { position: run.job.queue_position })}
        </Text>
      ) : null}
    </Box>
  );
}
