import { Badge, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { segmenterQueries, type Segmenter } from "~/api/segmenters";
import { useCan } from "~/api/session";
import { SimulatedBadge, StateBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { type Column, Listing } from "~/ui/Listing";
import { Page } from "~/ui/Page";
import { TrainForm } from "./TrainForm";

/** The networks that find the liver: their figures on images they had not seen, and which one is in use. */
export function SegmentersPage() {
  const { t } = useTranslation();
  const can = useCan();
  const [training, setTraining] = useState(false);
  const list = useQuery(segmenterQueries.list());
  const columns = useColumns();
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
      <Listing
        name="segmenters"
        label={t("segmenters.title")}
        query={list}
        columns={columns}
        none={{ title: t("segmenters.none.title"), text: t("segmenters.none.text"), action: train }}
      />
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

function useColumns(): Column<Segmenter>[] {
  const { t } = useTranslation();
  const format = useFormats();
  return [
    {
      title: t("segmenters.name"),
      cell: (one) => (
        <>
          <LinkTo to="/segmenters/$segmenterId" params={{ segmenterId: one.id }} fw={600}>
            {one.name}
          </LinkTo>{" "}
          {one.active ? <ActiveBadge /> : null} {one.simulated ? <SimulatedBadge /> : null}
        </>
      ),
    },
    { title: t("common.stateLabel"), cell: (one) => <StateBadge state={one.state} /> },
    { title: t("segmenters.metric.dice"), numeric: true, cell: (one) => format.metric(one.metrics.dice) },
    { title: t("segmenters.metric.hausdorff"), numeric: true, cell: (one) => format.metric(one.metrics.hausdorff) },
    { title: t("common.by"), cell: (one) => one.created_by },
    { title: t("common.created"), cell: (one) => format.moment(one.created_at) },
  ];
}
