import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { STAGES, type RunDetail } from "~/api/types";
import { useFormats } from "~/ui/formats";

type Counts = Partial<Record<string, number>>;

/** What the augmentation policy makes of the training counts, as the run recorded it when it began. */
export function EffectiveCounts({ run }: { run: RunDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const record = run.record as { train_counts?: Counts; effective_counts?: Counts };
  const before = record.train_counts;
  const after = record.effective_counts;
  if (!before || !after) return null;
  const lines = [
    { name: t("crops.countsBefore"), counts: before },
    { name: t("crops.countsAfter"), counts: after },
  ];
  return (
    <Table verticalSpacing={3} data-testid="effective-counts" mb="sm">
      <Table.Caption style={{ captionSide: "top", textAlign: "start" }}>{t("crops.counts")}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
          {STAGES.map((stage) => (
            <Table.Th key={stage} ta="right">
              {stage}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map(({ name, counts }) => (
          <Table.Tr key={name}>
            <Table.Td>{name}</Table.Td>
            {STAGES.map((stage) => (
              <Table.Td key={stage} ta="right">
                {format.count(counts[stage])}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
