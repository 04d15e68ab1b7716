import { Group, Paper, ScrollArea, Select, Table, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { type SplitName, type StageLabel, STAGES } from "~/api/types";
import { StageBadge } from "~/ui/badges";
import { CursorPager } from "~/ui/CursorPager";
import { useFormats } from "~/ui/formats";
import { Failed, Loading } from "~/ui/states";

const PARTS = ["train", "validation", "test"] as const;

/** Every patient of a frozen version: which part, which stage, how many pictures of each band. */
export function Members({ dataset }: { dataset: string }) {
  const { t } = useTranslation();
  const format = useFormats();
  const [split, setSplit] = useState<SplitName>();
  const [stage, setStage] = useState<StageLabel>();
  const [cursor, setCursor] = useState<string | undefined>();
  const members = useQuery(queries.datasetPatients(dataset, { split, stage, cursor, page_size: 25 }));
  return (
    <Paper>
      <Group justify="space-between" mb="sm" align="flex-end">
        <Title order={2}>{t("datasets.members")}</Title>
        <Group gap="xs">
          <Select
            size="xs"
            w={140}
            clearable
            label={t("datasets.part")}
            placeholder={t("common.any")}
            data={PARTS.map((part) => ({ value: part, label: t(`datasets.split.${part}`) }))}
            value={split ?? null}
            onChange={(value) => {
              setSplit((value as SplitName | null) ?? undefined);
              setCursor(undefined);
            }}
          />
          <Select
            size="xs"
            w={110}
            clearable
            label={t("pathology.stage")}
            placeholder={t("common.any")}
            data={[...STAGES]}
            value={stage ?? null}
            onChange={(value) => {
              setStage((value as StageLabel | null) ?? undefined);
              setCursor(undefined);
            }}
          />
        </Group>
      </Group>
      {members.isPending ? <Loading rows={6} height={22} /> : null}
      {members.error ? <Failed error={members.error} retry={() => void members.refetch()} /> : null}
      {members.data ? (
        <>
          <ScrollArea>
            <Table miw={560} verticalSpacing={4}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("common.patient")}</Table.Th>
                  <Table.Th>{t("common.site")}</Table.Th>
                  <Table.Th>{t("pathology.stage")}</Table.Th>
                  <Table.Th>{t("datasets.part")}</Table.Th>
                  <Table.Th ta="right">{t("datasets.imagesOf", { band: "HF" })}</Table.Th>
                  <Table.Th ta="right">{t("datasets.imagesOf", { band: "LF" })}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {members.data.results.map((member) => (
                  <Table.Tr key={member.patient}>
                    <Table.Td>{member.pseudonym}</Table.Td>
                    <Table.Td>{member.site}</Table.Td>
                    <Table.Td>
                      <StageBadge stage={member.stage as StageLabel} />
                    </Table.Td>
                    <Table.Td>{t(`datasets.split.${member.split}`)}</Table.Td>
                    <Table.Td ta="right">{format.count(member.hf_images)}</Table.Td>
                    <Table.Td ta="right">{format.count(member.lf_images)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
          <CursorPager page={members.data} go={setCursor} />
        </>
      ) : null}
    </Paper>
  );
}
