import { Badge, Group, Paper, Progress, ScrollArea, SegmentedControl, Select, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "~/api/session";
import { BandBadge, SimulatedBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { ButtonTo, LinkTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { SavedViews } from "~/views/SavedViews";
import { ORDERS, type QueueOrder, type ReadKind, readingQueries } from "./api";
import { AssignForm } from "./AssignForm";
import { Curation } from "./Curation";
import { GivenOut } from "./GivenOut";
import { OutlineLists } from "./OutlineLists";

const route = getRouteApi("/shell/reading");

/** What I have to read, how far everybody is, and giving out work. */
export function QueuePage() {
  const { t } = useTranslation();
  const format = useFormats();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const kind = search.kind ?? "quality";
  const order = search.order ?? "assigned";
  const queue = useQuery(readingQueries.queue(kind, order));
  const rows = queue.data?.rows ?? [];
  const total = (queue.data?.open ?? 0) + (queue.data?.done ?? 0);

  return (
    <Page
      title={t("reading.title")}
      beside={rows.some((row) => row.exam.simulated) ? <SimulatedBadge /> : null}
      lead={t("reading.lead")}
      actions={
        <>
          <SavedViews page="reading" />
          <ButtonTo variant="default" to="/reading/agreement" search={{ kind }}>
            {t("reading.agreement.open")}
          </ButtonTo>
          {rows.length ? (
            <ButtonTo to="/reading/read" search={{ kind, order }}>
              {t("reading.start")}
            </ButtonTo>
          ) : null}
        </>
      }
    >
      <Group gap="sm" align="flex-end">
        <SegmentedControl
          aria-label={t("reading.kindLabel")}
          value={kind}
          data={(["quality", "stage"] as const).map((value) => ({ value, label: t(`reading.kind.${value}`) }))}
          onChange={(value) => {
            void navigate({ search: (held) => ({ ...held, kind: value as ReadKind }) });
          }}
        />
        <Select
          label={t("reading.orderLabel")}
          w={230}
          allowDeselect={false}
          value={order}
          data={ORDERS.map((value) => ({ value, label: t(`reading.order.${value}`) }))}
          onChange={(value) => {
            void navigate({ search: (held) => ({ ...held, order: (value ?? "assigned") as QueueOrder }) });
          }}
        />
        {total ? (
          <Stack gap={4} w={220} data-testid="my-progress">
            <Text size="sm">{t("reading.done", { done: queue.data?.done ?? 0, total })}</Text>
            <Progress value={((queue.data?.done ?? 0) / total) * 100} aria-label={t("reading.progressLabel")} />
          </Stack>
        ) : null}
      </Group>
      {queue.isPending ? <Loading /> : null}
      {queue.error ? <Failed error={queue.error} retry={() => void queue.refetch()} /> : null}
      {queue.data && !rows.length ? <Empty title={t("reading.none.title")}>{t("reading.none.text")}</Empty> : null}
      {rows.length ? (
        <Paper p={0}>
          <ScrollArea.Autosize mah={420}>
            <Table highlightOnHover miw={560} data-testid="reading-queue">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("common.patient")}</Table.Th>
                  <Table.Th>{t("worklist.column.date")}</Table.Th>
                  <Table.Th>{t("common.site")}</Table.Th>
                  <Table.Th>{t("worklist.column.bands")}</Table.Th>
                  <Table.Th>{t("reading.assignedAt")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Table.Tr key={row.id} data-exam={row.exam.id}>
                    <Table.Td>
                      <LinkTo to="/reading/read" search={{ kind, order, exam: row.exam.id }} fw={600}>
                        {row.exam.pseudonym}
                      </LinkTo>
                    </Table.Td>
                    <Table.Td>{format.date(row.exam.exam_date)}</Table.Td>
                    <Table.Td>{row.exam.site}</Table.Td>
                    <Table.Td>
                      <Group gap={4}>
                        {row.exam.bands.map((band) => (
                          <BandBadge key={band} band={band} />
                        ))}
                      </Group>
                    </Table.Td>
                    <Table.Td>{format.date(row.created_at)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea.Autosize>
        </Paper>
      ) : null}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {can("read-assignments.progress") ? <EverybodysProgress /> : null}
        {can("read-assignments.create") ? <AssignForm /> : null}
      </SimpleGrid>
      {can("read-assignments.restore") ? <GivenOut /> : null}
      {can("curation.list") ? <Curation /> : null}
      {can("outlines.import_list") ? <OutlineLists /> : null}
    </Page>
  );
}

function EverybodysProgress() {
  const { t } = useTranslation();
  const format = useFormats();
  const progress = useQuery(readingQueries.progress());
  return (
    <Paper component="section" aria-labelledby="progress-title">
      <Title order={2} id="progress-title" mb="xs">
        {t("reading.progress.title")}
      </Title>
      {progress.isPending ? <Loading rows={2} /> : null}
      {progress.error ? <Failed error={progress.error} compact /> : null}
      {(progress.data ?? []).map((row) => (
        <Stack key={row.kind} gap={4} mb="sm" data-testid={`progress-${row.kind}`}>
          <Group justify="space-between">
            <Text fw={600} size="sm">
              {t(`reading.kind.${row.kind}`)}
            </Text>
            <Text size="sm">{t("reading.done", { done: row.done, total: row.assignments })}</Text>
          </Group>
          <Progress value={row.assignments ? (row.done / row.assignments) * 100 : 0} aria-label={t("reading.progressLabel")} />
          <Group gap={6}>
            <Badge variant="default" tt="none">
              {t("reading.progress.exams", { count: row.assigned_exams })}
            </Badge>
            <Badge variant="default" tt="none">
              {t("reading.progress.both", { number: format.count(row.both_locked) })}
            </Badge>
            {row.disagree ? (
              <LinkTo to="/reading/agreement" search={{ kind: row.kind }}>
                {t("reading.progress.disagree", { count: row.disagree })}
              </LinkTo>
            ) : null}
          </Group>
        </Stack>
      ))}
    </Paper>
  );
}
