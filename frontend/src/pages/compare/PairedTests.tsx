import { ScrollArea, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Comparison } from "~/api/types";
import { NOTHING, useFormats } from "~/ui/formats";
import { metricName } from "~/ui/metrics";

/** Differences between two runs on the same patients, each with its interval and adjusted p value. */
export function PairedTests({ tests }: { tests: Comparison["tests"] }) {
  const { t } = useTranslation();
  const format = useFormats();
  const value = (p: number | null) => (p === null ? NOTHING : p < 0.001 ? "< 0.001" : format.decimal(p, 3));
  if (!tests.length) {
    return (
      <Text size="sm" c="dimmed">
        {t("compare.tests.none")}
      </Text>
    );
  }
  return (
    <ScrollArea.Autosize
      mah={380}
      viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("compare.tests.title") }}
    >
      <Table verticalSpacing={4} miw={720} stickyHeader data-testid="paired-tests">
        <Table.Caption style={{ captionSide: "top", textAlign: "start" }}>{t("compare.tests.caption")}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("metrics.metric")}</Table.Th>
            <Table.Th>{t("compare.tests.pair")}</Table.Th>
            <Table.Th>{t("compare.tests.test")}</Table.Th>
            <Table.Th ta="right">{t("compare.tests.difference")}</Table.Th>
            <Table.Th ta="right">{t("compare.tests.p")}</Table.Th>
            <Table.Th ta="right">{t("compare.tests.adjusted")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tests.map((one) => (
            <Table.Tr key={`${one.metric} ${one.test} ${one.a} ${one.b}`}>
              <Table.Td>{metricName(one.metric)}</Table.Td>
              <Table.Td>{t("compare.tests.against", { a: one.a, b: one.b })}</Table.Td>
              <Table.Td>{t(`compare.tests.${one.test}`)}</Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
                {format.metric({ value: one.difference, low: one.low, high: one.high })}
              </Table.Td>
              <Table.Td ta="right">{value(one.p_value)}</Table.Td>
              <Table.Td ta="right">{value(one.p_adjusted)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
