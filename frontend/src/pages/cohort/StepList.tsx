import { Button, CloseButton, Group, Paper, ScrollArea, Stack, Table, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import type { CohortStep } from "~/api/types";
import { lookUp } from "~/i18n";
import { StageBadge, stageLabel } from "~/ui/badges";
import { downloadCsv } from "~/ui/csv";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Empty, Failed, Loading } from "~/ui/states";

/** The patients behind one number of the flow. */
export function StepList({ step, close }: { step: CohortStep; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormats();
  const list = useQuery(queries.cohort(step));
  const name = (code: string) => lookUp(`datasets.flow.step.${code}`) ?? code;
  const rows = list.data?.rows ?? [];
  return (
    <Paper component="section" aria-labelledby="cohort-step" data-testid="cohort-step">
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} id="cohort-step">
            {name(step)}
            {list.data ? ` · ${format.count(list.data.total)}` : ""}
          </Title>
          <Group gap="xs" wrap="nowrap">
            <Button
              size="xs"
              variant="default"
              disabled={!rows.length}
              leftSection={<IconDownload size={14} aria-hidden />}
              onClick={() => {
                downloadCsv(
                  `cohort-${step}.csv`,
                  [t("common.patient"), t("common.site"), t("worklist.column.pathology"), t("records.images"), t("records.flow.reason")],
                  rows.map((row) => [row.pseudonym, row.site, stageLabel(row.stage), row.images, row.reason ? name(row.reason) : ""]),
                );
              }}
            >
              {t("records.export")}
            </Button>
            <CloseButton aria-label={t("common.close")} onClick={close} />
          </Group>
        </Group>
        {lookUp(`server.remedies.${step}`) ? (
          <Text size="sm" c="dimmed">
            {lookUp(`server.remedies.${step}`)}
          </Text>
        ) : null}
        {list.isPending ? <Loading rows={4} /> : null}
        {list.error ? <Failed error={list.error} retry={() => void list.refetch()} /> : null}
        {list.data && !rows.length ? (
          <Empty title={t("records.flow.nobody")}>{t("records.flow.nobodyText")}</Empty>
        ) : null}
        {rows.length ? (
          <ScrollArea.Autosize mah={420}>
            <Table verticalSpacing={4}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("common.patient")}</Table.Th>
                  <Table.Th>{t("common.site")}</Table.Th>
                  <Table.Th>{t("worklist.column.pathology")}</Table.Th>
                  <Table.Th ta="right">{t("records.images")}</Table.Th>
                  {step === "assessed" ? <Table.Th>{t("records.flow.reason")}</Table.Th> : null}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Table.Tr key={row.patient}>
                    <Table.Td>
                      <LinkTo to="/patients/$patientId" params={{ patientId: row.patient }} fw={600}>
                        {row.pseudonym}
                      </LinkTo>
                    </Table.Td>
                    <Table.Td>{row.site}</Table.Td>
                    <Table.Td>
                      <StageBadge stage={row.stage} />
                    </Table.Td>
                    <Table.Td ta="right">{format.count(row.images)}</Table.Td>
                    {step === "assessed" ? <Table.Td>{row.reason ? name(row.reason) : name("included")}</Table.Td> : null}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea.Autosize>
        ) : null}
        {list.data && list.data.total > rows.length ? (
          <Text size="xs" c="dimmed">
            {t("cohort.tables.more", { count: list.data.total - rows.length })}
          </Text>
        ) : null}
      </Stack>
    </Paper>
  );
}
