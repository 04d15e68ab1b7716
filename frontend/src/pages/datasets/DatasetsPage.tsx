import { Badge, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { Dataset } from "~/api/types";
import { SimulatedBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { type Column, Listing } from "~/ui/Listing";
import { Page } from "~/ui/Page";
import { FreezeForm } from "./FreezeForm";

export function DatasetsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const [freezing, setFreezing] = useState(false);
  const datasets = useQuery(queries.datasets());
  const columns = useColumns();
  const open = () => {
    setFreezing(true);
  };
  const freeze = can("datasets.create") ? <Button onClick={open}>{t("datasets.freeze.open")}</Button> : null;
  return (
    <Page title={t("datasets.title")} lead={t("datasets.lead")} actions={freeze}>
      <FreezeForm
        opened={freezing}
        close={() => {
          setFreezing(false);
        }}
      />
      <Listing
        name="datasets"
        label={t("datasets.title")}
        query={datasets}
        columns={columns}
        none={{ title: t("datasets.none.title"), text: t("datasets.none.text"), action: freeze }}
      />
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

function useColumns(): Column<Dataset>[] {
  const { t } = useTranslation();
  const format = useFormats();
  return [
    {
      title: t("datasets.name"),
      cell: (one) => (
        <>
          <LinkTo to="/datasets/$datasetId" params={{ datasetId: one.id }} fw={600}>
            {one.name} v{one.version}
          </LinkTo>{" "}
          {one.simulated ? <SimulatedBadge /> : null}
        </>
      ),
    },
    { title: t("common.stateLabel"), cell: (one) => <DatasetState state={one.state} /> },
    { title: t("datasets.patients"), numeric: true, cell: (one) => format.count(one.counts.total?.patients) },
    { title: t("datasets.images"), numeric: true, cell: (one) => format.count(one.counts.total?.images) },
    { title: t("datasets.sites"), cell: (one) => one.sites.map((site) => site.code).join(", ") },
    { title: t("common.by"), cell: (one) => one.created_by },
    { title: t("common.created"), cell: (one) => format.moment(one.created_at) },
  ];
}
