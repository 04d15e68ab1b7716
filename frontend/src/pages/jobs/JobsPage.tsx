import { Group, Paper, Progress, ScrollArea, Select, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import type { Job } from "~/api/types";
import { lookUp, spoken } from "~/i18n";
import { JOB_STATES, type JobsSearch } from "~/pages/search";
import { StateBadge } from "~/ui/badges";
import { CursorPager } from "~/ui/CursorPager";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { SavedViews } from "~/views/SavedViews";

const route = getRouteApi("/shell/jobs");
const KINDS = ["training.run", "staging.stage", "datasets.freeze", "segmentation.train", "operations.demonstration"];

export function jobKindName(kind: string): string {
  return lookUp(`job.kind.${kind.replace(".", "-")}`) ?? kind;
}

export function JobsPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const jobs = useQuery(queries.jobs({ ...search, state: search.state && [search.state] }));
  const rows = jobs.data?.results ?? [];
  const kinds = [...new Set([...KINDS, ...rows.map((job) => job.kind)])];
  const change = (wanted: Partial<JobsSearch>) => {
    void navigate({ search: (held) => ({ ...held, cursor: undefined, ...wanted }), replace: true });
  };
  return (
    <Page title={t("jobs.title")} lead={t("jobs.lead")} actions={<SavedViews page="jobs" />}>
      <Group gap="xs" role="search" aria-label={t("jobs.filters")}>
        <Select
          label={t("common.stateLabel")}
          w={170}
          clearable
          placeholder={t("common.any")}
          data={JOB_STATES.map((state) => ({ value: state, label: t(`common.state.${state}`) }))}
          value={search.state ?? null}
          onChange={(state) => {
            change({ state: (state as JobsSearch["state"] | null) ?? undefined });
          }}
        />
        <Select
          label={t("jobs.kind")}
          w={240}
          clearable
          placeholder={t("common.any")}
          data={kinds.map((kind) => ({ value: kind, label: jobKindName(kind) }))}
          value={search.kind ?? null}
          onChange={(kind) => {
            change({ kind: kind ?? undefined });
          }}
        />
      </Group>
      {jobs.isPending ? <Loading rows={8} /> : null}
      {jobs.error ? <Failed error={jobs.error} retry={() => void jobs.refetch()} /> : null}
      {jobs.data && !rows.length ? <Empty title={t("jobs.none.title")}>{t("jobs.none.text")}</Empty> : null}
      {rows.length ? (
        <Paper p={0}>
          <ScrollArea>
            <Table highlightOnHover miw={920} horizontalSpacing="xs" data-testid="jobs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("jobs.what")}</Table.Th>
                  <Table.Th>{t("jobs.kind")}</Table.Th>
                  <Table.Th>{t("jobs.queue")}</Table.Th>
                  <Table.Th>{t("common.stateLabel")}</Table.Th>
                  <Table.Th ta="right">{t("jobs.attempts")}</Table.Th>
                  <Table.Th ta="right">{t("jobs.duration")}</Table.Th>
                  <Table.Th>{t("common.created")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((job) => (
                  <Row key={job.id} job={job} />
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        </Paper>
      ) : null}
      {jobs.data ? (
        <CursorPager
          page={jobs.data}
          go={(cursor) => {
            void navigate({ search: (held) => ({ ...held, cursor }) });
          }}
        />
      ) : null}
    </Page>
  );
}

function Row({ job }: { job: Job }) {
  const { t } = useTranslation();
  const format = useFormats();
  const seconds =
    job.started_at && job.finished_at ? (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000 : null;
  return (
    <Table.Tr data-job={job.id}>
      <Table.Td>
        <LinkTo to="/jobs/$jobId" params={{ jobId: job.id }} fw={600}>
          {spoken(job.title)}
        </LinkTo>
      </Table.Td>
      <Table.Td>{jobKindName(job.kind)}</Table.Td>
      <Table.Td>
        <Text size="sm" ff="monospace">
          {job.queue}
        </Text>
      </Table.Td>
      <Table.Td miw={150}>
        <StateBadge state={job.state} />
        {job.state === "running" ? (
          <Progress value={job.progress * 100} size="xs" mt={4} aria-label={t("job.progressOf", { title: spoken(job.title) })} />
        ) : null}
        {job.state === "queued" && job.queue_position ? (
          <Text size="xs" c="dimmed">
            {t("job.position", { position: job.queue_position })}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td ta="right">
        {job.attempt} / {job.max_attempts}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {format.seconds(seconds)}
      </Table.Td>
      <Table.Td>{format.moment(job.created_at)}</Table.Td>
    </Table.Tr>
  );
}
