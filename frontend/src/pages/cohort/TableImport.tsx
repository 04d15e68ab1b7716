import { Alert, Badge, Button, FileInput, Group, Paper, ScrollArea, SegmentedControl, Select, Stack, Table, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { useMe } from "~/api/session";
import type { StageSource } from "~/api/types";
import { StageBadge } from "~/ui/badges";
import { NOTHING, useFormats } from "~/ui/formats";
import { Failed } from "~/ui/states";

const MOST_LINES = 200;
const SOURCES = ["table", "biopsy", "surgery", "imaging", "serology"] as const;
/** What a person has to look at comes first. */
const ORDER = ["contradicted", "other-sex", "unknown-patient", "changed", "new", "empty", "other-site", "unchanged"];

/** A table of stages or of values: first what it would do, line by line; then, if asked, that. */
export function TableImport() {
  const { t } = useTranslation();
  const format = useFormats();
  const me = useMe();
  const client = useQueryClient();
  const [kind, setKind] = useState<"stages" | "clinical">("stages");
  const [file, setFile] = useState<File | null>(null);
  const [site, setSite] = useState<string | undefined>(me.sites[0]?.code);
  const [source, setSource] = useState<StageSource>("table");
  const send = useMutation({
    mutationFn: async ({ table, dry }: { table: File; dry: boolean }) => {
      const fields = { site: site ?? "", dry_run: dry };
      if (kind === "clinical") return { kind, ...(await api.clinicalTable(table, fields)) };
      return { kind, ...(await api.stageTable(table, { ...fields, source })) };
    },
    onSuccess: (result) => {
      if (result.applied) {
        for (const key of ["patients", "exams", "datasets"]) void client.invalidateQueries({ queryKey: [key] });
      }
    },
  });
  const result = send.data;
  const changes = (result?.counts.new ?? 0) + (result?.counts.changed ?? 0);
  const lines = [...(result?.changes ?? [])].sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));

  return (
    <Paper component="section" aria-labelledby="tables-title" data-testid="table-import">
      <Stack gap="xs">
        <Title order={2} id="tables-title">
          {t("cohort.tables.title")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("cohort.tables.lead")}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label={t("cohort.tables.kind")}
          value={kind}
          onChange={(value) => {
            setKind(value as typeof kind);
            send.reset();
          }}
          data={[
            { value: "stages", label: t("cohort.tables.stages") },
            { value: "clinical", label: t("cohort.tables.clinical") },
          ]}
        />
        {me.sites.length > 1 ? (
          <Select
            size="xs"
            label={t("common.site")}
            allowDeselect={false}
            data={me.sites.map((one) => ({ value: one.code, label: `${one.code} ${one.name}` }))}
            value={site}
            onChange={(value) => {
              setSite(value ?? undefined);
              send.reset();
            }}
          />
        ) : null}
        {kind === "stages" ? (
          <Select
            size="xs"
            label={t("cohort.tables.source")}
            allowDeselect={false}
            data={SOURCES.map((value) => ({ value, label: t(`pathology.source.${value}`) }))}
            value={source}
            onChange={(value) => {
              setSource((value ?? "table") as StageSource);
              send.reset();
            }}
          />
        ) : null}
        <FileInput
          size="xs"
          label={t("cohort.tables.file")}
          placeholder={t("records.noFile")}
          accept=".csv,.tsv,.txt,.xlsx"
          clearable
          value={file}
          onChange={(value) => {
            setFile(value);
            send.reset();
          }}
        />
        <Group>
          <Button
            size="xs"
            variant="default"
            disabled={!file || !site}
            loading={send.isPending}
            onClick={() => {
              if (file) send.mutate({ table: file, dry: true });
            }}
          >
            {t("cohort.tables.check")}
          </Button>
          {result && !result.applied && changes ? (
            <Button
              size="xs"
              loading={send.isPending}
              onClick={() => {
                if (file) send.mutate({ table: file, dry: false });
              }}
            >
              {t("cohort.tables.apply", { count: changes })}
            </Button>
          ) : null}
        </Group>
        {send.error ? <Failed error={send.error} compact /> : null}
        {result ? (
          <Stack gap="xs" role="status">
            {result.applied ? <Alert color="green">{t("cohort.tables.applied")}</Alert> : null}
            {!result.applied && !changes ? <Text size="sm">{t("cohort.tables.nothing")}</Text> : null}
            <Group gap="xs">
              {Object.entries(result.counts)
                .filter(([, count]) => count)
                .map(([outcome, count]) => (
                  <Badge key={outcome} variant="default" tt="none">
                    {t(`cohort.tables.outcomes.${outcome as "new"}`)} · {format.count(count)}
                  </Badge>
                ))}
            </Group>
            <ScrollArea.Autosize mah={360}>
              <Table verticalSpacing={3}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("cohort.tables.line")}</Table.Th>
                    <Table.Th>{t("common.patient")}</Table.Th>
                    <Table.Th>{t("cohort.tables.outcome")}</Table.Th>
                    {result.kind === "stages" ? (
                      <>
                        <Table.Th>{t("cohort.tables.before")}</Table.Th>
                        <Table.Th>{t("cohort.tables.after")}</Table.Th>
                      </>
                    ) : null}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {lines.slice(0, MOST_LINES).map((line) => (
                    <Table.Tr key={line.line}>
                      <Table.Td>{line.line}</Table.Td>
                      <Table.Td>{line.pseudonym ?? NOTHING}</Table.Td>
                      <Table.Td>{t(`cohort.tables.outcomes.${line.outcome as "new"}`)}</Table.Td>
                      {"after" in line ? (
                        <>
                          <Table.Td>
                            <StageBadge stage={line.before} />
                          </Table.Td>
                          <Table.Td>
                            <StageBadge stage={line.after} />
                          </Table.Td>
                        </>
                      ) : null}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </ScrollArea.Autosize>
            {lines.length > MOST_LINES ? (
              <Text size="xs" c="dimmed">
                {t("cohort.tables.more", { count: lines.length - MOST_LINES })}
              </Text>
            ) : null}
          </Stack>
        ) : null}
      </Stack>
    </Paper>
  );
}
