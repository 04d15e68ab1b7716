import { Badge, Button, Paper, ScrollArea, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { Dataset } from "~/api/types";
import { SimulatedBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { FreezeForm } from "./FreezeForm";

export function DatasetsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const [freezing, setFreezing] = useState(false);
  const datasets = useQuery(queries.datasets());
  const mayFreeze = can("datasets.create");
  const open = () => {
    setFreezing(true);
  };
  return (
    <Page
      title={t("datasets.title")}
      lead={t("datasets.lead")}
      actions={mayFreeze ? <Button onClick={open}>{t("datasets.freeze.open")}</Button> : null}
    >
      <FreezeForm
        opened={freezing}
        close={() => {
          setFreezing(false);
        }}
      />
      {datasets.isPending ? <Loading /> : null}
      {datasets.error ? <Failed error={datasets.error} retry={() => void datasets.refetch()} /> : null}
      {datasets.data?.results.length === 0 ? (
        <Empty
          title={t("datasets.none.title")}
          action={mayFreeze ? <Button onClick={open}>{t("datasets.freeze.open")}</Button> : null}
        >
          {t("datasets.none.text")}
        </Empty>
      ) : null}
      {datasets.data?.results.length ? (
        <Paper p={0}>
          <ScrollArea>
            <Table highlightOnHover miw={760} data-testid="datasets">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("datasets.name")}</Table.Th>
                  <Table.Th>{t("common.stateLabel")}</Table.Th>
                  <Table.Th ta="right">{t("datasets.patients")}</Table.Th>
                  <Table.Th ta="right">{t("datasets.images")}</Table.Th>
                  <Table.Th>{t("datasets.sites")}</Table.Th>
                  <Table.Th>{t("common.by")}</Table.Th>
                  <Table.Th>{t("common.created")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {datasets.data.results.map((dataset) => (
                  <Row key={dataset.id} dataset={dataset} />
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        </Paper>
      ) : null}
    </Page>
  );
}

export function DatasetState({ state }: { state: Dataset["state"] }) {
  const { t } = useTranslation();
  const color = { building: "blue", frozen: "green", failed: "red" }[state];
  return (
    <Badge
      variant="default"
      tt="none"
      leftSection={<span className="stage-dot" style={{ backgroundColor: `var(--mantine-color-${color}-6)` }} />}
      data-state={state}
    >
      {t(`datasets.state.${state}`)}
    </Badge>
  );
}

function Row({ dataset }: { dataset: Dataset }) {
  const format = useFormats();
  return (
    <Table.Tr>
      <Table.Td>
        <LinkTo to="/datasets/$datasetId" params={{ datasetId: dataset.id }} fw={600}>
          {dataset.name} v{dataset.version}
        </LinkTo>{" "}
        {dataset.simulated ? <SimulatedBadge /> : null}
      </Table.Td>
      <Table.Td>
        <DatasetState state={dataset.state} />
      </Table.Td>
      <Table.Td ta="right">{format.count(dataset.counts.total?.patients)}</Table.Td>
      <Table.Td ta="right">{format.count(dataset.counts.total?.images)}</Table.Td>
      <Table.Td>{dataset.sites.map((site) => site.code).join(", ")}</Table.Td>
      <Table.Td>
        <Text size="sm">{dataset.created_by}</Text>
      </Table.Td>
      <Table.Td>{format.moment(dataset.created_at)}</Table.Td>
    </Table.Tr>
  );
}
