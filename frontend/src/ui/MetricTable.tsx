import { Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Metrics } from "~/api/types";
import { useFormats } from "./formats";
import { metricName, metricNames } from "./metrics";

interface MetricTableProps {
  patient: Metrics;
  image?: Metrics;
}

/** Every metric with its 95 % interval, by patient and, beside it, by image. */
export function MetricTable({ patient, image }: MetricTableProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const names = metricNames({ ...image, ...patient });
  return (
    <Table verticalSpacing={4} data-testid="metric-table">
      <Table.Caption style={{ captionSide: "top", textAlign: "start" }}>{t("metrics.caption")}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("metrics.metric")}</Table.Th>
          <Table.Th ta="right">{t("metrics.byPatient")}</Table.Th>
          {image ? <Table.Th ta="right">{t("metrics.byImage")}</Table.Th> : null}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {names.map((name) => (
          <Table.Tr key={name} data-metric={name}>
            <Table.Td>
              <Text size="sm">{metricName(name)}</Text>
            </Table.Td>
            <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
              {format.metric(patient[name])}
            </Table.Td>
            {image ? (
              <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
                {format.metric(image[name])}
              </Table.Td>
            ) : null}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
