import { Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ExperimentResults } from "~/api/types";
import { useFormats } from "~/ui/formats";
import { metricName } from "~/ui/metrics";
import { Scrolled } from "./Scrolled";

const COLUMNS = ["accuracy", "macro_f1", "mcc", "auc_macro"];

/** Each model on the tested patients of each site. */
export function Sites({ results }: { results: ExperimentResults }) {
  const { t } = useTranslation();
  const format = useFormats();
  if (!results.by_site.length) return <Text size="sm">{t("experiments.bySite.none")}</Text>;
  return (
    <Stack gap="xs">
      <Text size="sm">{results.sites_left_out ? t("experiments.bySite.leftOut") : t("experiments.bySite.within")}</Text>
      <Scrolled label={t("experiments.tabs.sites")}>
        <Table miw={760} verticalSpacing={4} data-testid="site-table">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("experiments.bySite.site")}</Table.Th>
              <Table.Th ta="right">{t("experiments.stages.n")}</Table.Th>
              <Table.Th>{t("experiments.table.model")}</Table.Th>
              {COLUMNS.map((name) => (
                <Table.Th key={name} ta="right">
                  {metricName(name)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {results.by_site.flatMap(({ site, patients, models }) =>
              Object.entries(models).map(([title, metrics], place) => (
                <Table.Tr key={`${site} ${title}`}>
                  <Table.Td>{place ? null : <Text fw={600}>{site}</Text>}</Table.Td>
                  <Table.Td ta="right">{place ? null : format.count(patients)}</Table.Td>
                  <Table.Td>{title}</Table.Td>
                  {COLUMNS.map((name) => (
                    <Table.Td key={name} ta="right" style={{ whiteSpace: "nowrap" }}>
                      {format.metric(metrics[name])}
                    </Table.Td>
                  ))}
                </Table.Tr>
              )),
            )}
          </Table.Tbody>
        </Table>
      </Scrolled>
    </Stack>
  );
}
