import { Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ExperimentResults } from "~/api/types";
import { useFormats } from "~/ui/formats";
import { metricName } from "~/ui/metrics";
import { Scrolled } from "./Scrolled";

/** What the paper's protocol adds to each model, metric by metric. */
export function Optimism({ results }: { results: ExperimentResults }) {
  const { t } = useTranslation();
  const format = useFormats();
  if (!results.optimism.length) return <Text size="sm">{t("experiments.optimism.none")}</Text>;
  return (
    <Scrolled label={t("experiments.tabs.optimism")}>
      <Table miw={760} verticalSpacing={4} data-testid="optimism-table">
        <Table.Caption style={{ captionSide: "top", textAlign: "start" }}>{t("experiments.optimism.caption")}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("experiments.table.model")}</Table.Th>
            <Table.Th>{t("experiments.optimism.metric")}</Table.Th>
            {(["strict", "paper", "difference"] as const).map((name) => (
              <Table.Th key={name} ta="right">
                {t(`experiments.optimism.${name}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {results.optimism.map((gap) => (
            <Table.Tr key={`${gap.model} ${gap.metric}`}>
              <Table.Td>{gap.model}</Table.Td>
              <Table.Td>{metricName(gap.metric)}</Table.Td>
              {[gap.strict, gap.paper, gap.difference].map((metric, place) => (
                <Table.Td key={place} ta="right" style={{ whiteSpace: "nowrap" }}>
                  {format.metric(metric)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrolled>
  );
}
