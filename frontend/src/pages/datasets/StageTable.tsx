import { Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type StageCounts, STAGES } from "~/api/types";
import { StageBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";

interface StageTableProps {
  caption: string;
  first: string;
  rows: { name: string; counts: StageCounts | undefined }[];
}

/** Patients by stage, one row a part of the split or a site, with sums both ways. */
export function StageTable({ caption, first, rows }: StageTableProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const sum = (counts: StageCounts | undefined) =>
    STAGES.reduce((total, stage) => total + (counts?.[stage] ?? 0), 0);
  return (
    <Table data-testid="stage-table">
      <Table.Caption style={{ captionSide: "top", textAlign: "start" }}>{caption}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{first}</Table.Th>
          {STAGES.map((stage) => (
            <Table.Th key={stage} ta="right">
              <StageBadge stage={stage} />
            </Table.Th>
          ))}
          <Table.Th ta="right">{t("datasets.patients")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ name, counts }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row">{name}</Table.Th>
            {STAGES.map((stage) => (
              <Table.Td key={stage} ta="right">
                {format.count(counts?.[stage] ?? 0)}
              </Table.Td>
            ))}
            <Table.Td ta="right">
              <Text span fw={600} size="sm">
                {format.count(sum(counts))}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
        {rows.length > 1 ? (
          <Table.Tr>
            <Table.Th scope="row">{t("datasets.total")}</Table.Th>
            {STAGES.map((stage) => (
              <Table.Td key={stage} ta="right" fw={600}>
                {format.count(rows.reduce((total, row) => total + (row.counts?.[stage] ?? 0), 0))}
              </Table.Td>
            ))}
            <Table.Td ta="right" fw={600}>
              {format.count(rows.reduce((total, row) => total + sum(row.counts), 0))}
            </Table.Td>
          </Table.Tr>
        ) : null}
      </Table.Tbody>
    </Table>
  );
}
