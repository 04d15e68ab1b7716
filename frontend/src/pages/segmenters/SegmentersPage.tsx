import { Badge, Button, Paper, ScrollArea, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { segmenterQueries, type Segmenter } from "~/api/segmenters";
import { useCan } from "~/api/session";
import { SimulatedBadge, StateBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { TrainForm } from "./TrainForm";

/** The networks that find the liver: their figures on images they had not seen, and which one is in use. */
export function SegmentersPage() {
  const { t } = useTranslation();
  const can = useCan();
  const [training, setTraining] = useState(false);
  const list = useQuery(segmenterQueries.list());
  const open = () => {
    setTraining(true);
  };
  const train = can("segmenters.create") ? <Button onClick={open}>{t("segmenters.train")}</Button> : null;
  return (
    <Page title={t("segmenters.title")} lead={t("segmenters.lead")} actions={train}>
      <TrainForm
        opened={training}
        close={() => {
          setTraining(false);
        }}
      />
      {list.isPending ? <Loading /> : null}
      {list.error ? <Failed error={list.error} retry={() => void list.refetch()} /> : null}
      {list.data?.results.length === 0 ? (
        <Empty title={t("segmenters.none.title")} action={train}>
          {t("segmenters.none.text")}
        </Empty>
      ) : null}
      {list.data?.results.length ? (
        <Paper p={0}>
          <ScrollArea>
            <Table highlightOnHover miw={760} data-testid="segmenters">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("segmenters.name")}</Table.Th>
                  <Table.Th>{t("common.stateLabel")}</Table.Th>
                  <Table.Th ta="right">{t("segmenters.metric.dice")}</Table.Th>
                  <Table.Th ta="right">{t("segmenters.metric.hausdorff")}</Table.Th>
                  <Table.Th>{t("common.by")}</Table.Th>
                  <Table.Th>{t("common.created")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.data.results.map((segmenter) => (
                  <Row key={segmenter.id} segmenter={segmenter} />
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        </Paper>
      ) : null}
    </Page>
  );
}

export function ActiveBadge() {
  const { t } = useTranslation();
  return (
    <Badge variant="default" tt="none" leftSection={<span className="stage-dot" style={{ backgroundColor: "var(--mantine-color-green-6)" }} />}>
      {t("segmenters.active")}
    </Badge>
  );
}

function Row({ segmenter }: { segmenter: Segmenter }) {
  const format = useFormats();
  return (
    <Table.Tr>
      <Table.Td>
        <LinkTo to="/segmenters/$segmenterId" params={{ segmenterId: segmenter.id }} fw={600}>
          {segmenter.name}
        </LinkTo>{" "}
        {segmenter.active ? <ActiveBadge /> : null} {segmenter.simulated ? <SimulatedBadge /> : null}
      </Table.Td>
      <Table.Td>
        <StateBadge state={segmenter.state} />
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {format.metric(segmenter.metrics.dice)}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {format.metric(segmenter.metrics.hausdorff)}
      </Table.Td>
      <Table.Td>{segmenter.created_by}</Table.Td>
      <Table.Td>{format.moment(segmenter.created_at)}</Table.Td>
    </Table.Tr>
  );
}
