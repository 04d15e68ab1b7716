import { Checkbox, Group, Paper, Progress, ScrollArea, Select, Table, Text, VisuallyHidden } from "@mantine/core";
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
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
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
  const rows = runs.data?.results ?? [];
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
      {runs.isPending ? <Loading rows={8} /> : null}
      {runs.error ? <Failed error={runs.error} retry={() => void runs.refetch()} /> : null}
      {runs.data && !rows.length ? (
        <Empty title={t("runs.none.title")} action={launch}>
          {t("runs.none.text")}
        </Empty>
      ) : null}
      {rows.length ? (
        <Paper p={0}>
          <ScrollArea>
            <Table highlightOnHover miw={900} data-testid="runs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th w={40}>
                    <VisuallyHidden>{t("runs.choose")}</VisuallyHidden>
                  </Table.Th>
                  <Table.Th>{t("runs.name")}</Table.Th>
                  <Table.Th>{t("common.stateLabel")}</Table.Th>
                  <Table.Th>{t("runs.dataset")}</Table.Th>
                  <Table.Th ta="right">{t("metrics.accuracy")}</Table.Th>
                  <Table.Th ta="right">{t("metrics.auc_macro")}</Table.Th>
                  <Table.Th>{t("common.by")}</Table.Th>
                  <Table.Th>{t("common.created")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((run) => (
                  <Row
                    key={run.id}
                    run={run}
                    chosen={chosen.includes(run.id)}
                    choose={(yes) => {
                      setChosen((held) => (yes ? [...held, run.id] : held.filter((id) => id !== run.id)));
                    }}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        </Paper>
      ) : null}
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

function Row({ run, chosen, choose }: { run: Run; chosen: boolean; choose: (yes: boolean) => void }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Table.Tr data-run={run.id}>
      <Table.Td>
        <Checkbox
          aria-label={t("runs.chooseOne", { name: run.name })}
          checked={chosen}
          onChange={(event) => {
            choose(event.currentTarget.checked);
          }}
        />
      </Table.Td>
      <Table.Td>
        <Group gap="xs">
          <LinkTo to="/runs/$runId" params={{ runId: run.id }} fw={600}>
            {run.name}
          </LinkTo>
          {run.simulated ? <SimulatedBadge /> : null}
        </Group>
      </Table.Td>
      <Table.Td miw={150}>
        <StateBadge state={run.state} />
        {run.state === "running" && run.job ? (
          <Progress value={run.job.progress * 100} size="xs" mt={4} aria-label={t("job.progressOf", { title: run.name })} />
        ) : null}
        {run.state === "queued" && run.job?.queue_position ? (
          <Text size="xs" c="dimmed">
            {t("job.position", { position: run.job.queue_position })}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td>
        <LinkTo to="/datasets/$datasetId" params={{ datasetId: run.dataset }} size="sm">
          {run.dataset_name}
        </LinkTo>
      </Table.Td>
      <Table.Td ta="right">{run.withheld ? <WithheldCell /> : format.percent(run.metrics.accuracy?.value)}</Table.Td>
      <Table.Td ta="right">{run.withheld ? <WithheldCell /> : format.decimal(run.metrics.auc_macro?.value, 3)}</Table.Td>
      <Table.Td>
        <Text size="sm">{run.created_by}</Text>
      </Table.Td>
      <Table.Td>{format.moment(run.created_at)}</Table.Td>
    </Table.Tr>
  );
}
