import { Badge, Box, Group, Progress, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { Experiment } from "~/api/types";
import { SimulatedBadge } from "~/ui/badges";
import { CursorPager } from "~/ui/CursorPager";
import { useFormats } from "~/ui/formats";
import { ButtonTo, LinkTo } from "~/ui/links";
import { type Column, Listing } from "~/ui/Listing";
import { Page } from "~/ui/Page";

const route = getRouteApi("/shell/experiments");

export function ExperimentsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const found = useQuery(queries.experiments({ dataset: search.dataset, cursor: search.cursor }));
  const columns = useColumns();
  const start = can("experiments.create") ? (
    <ButtonTo to="/experiments/new" search={{ dataset: search.dataset }}>
      {t("experiments.start")}
    </ButtonTo>
  ) : null;
  return (
    <Page title={t("experiments.title")} lead={t("experiments.lead")} actions={start}>
      <Listing
        name="experiments"
        label={t("experiments.title")}
        query={found}
        columns={columns}
        none={{ title: t("experiments.none.title"), text: t("experiments.none.text"), action: start }}
        minWidth={860}
      />
      {found.data ? (
        <CursorPager
          page={found.data}
          go={(cursor) => {
            void navigate({ search: (held) => ({ ...held, cursor }) });
          }}
        />
      ) : null}
    </Page>
  );
}

function useColumns(): Column<Experiment>[] {
  const { t } = useTranslation();
  const format = useFormats();
  const designWords = useDesignWords();
  return [
    {
      title: t("experiments.name"),
      cell: (one) => (
        <Group gap="xs">
          <LinkTo to="/experiments/$experimentId" params={{ experimentId: one.id }} fw={600}>
            {one.name}
          </LinkTo>
          {one.simulated ? <SimulatedBadge /> : null}
          {one.quick ? (
            <Badge variant="default" tt="none">
              {t("experiments.quick")}
            </Badge>
          ) : null}
        </Group>
      ),
    },
    {
      title: t("experiments.dataset"),
      cell: (one) => (
        <LinkTo to="/datasets/$datasetId" params={{ datasetId: one.dataset }} size="sm">
          {one.dataset_name}
        </LinkTo>
      ),
    },
    { title: t("experiments.models"), numeric: true, cell: (one) => format.count(one.lines) },
    { title: t("experiments.design"), cell: designWords },
    { title: t("experiments.runs"), cell: (one) => <Done experiment={one} /> },
    { title: t("common.by"), cell: (one) => one.created_by },
    { title: t("common.created"), cell: (one) => format.moment(one.created_at) },
  ];
}

function Done({ experiment }: { experiment: Experiment }) {
  const { t } = useTranslation();
  const total = Object.values(experiment.states).reduce((sum, count) => sum + count, 0);
  const done = experiment.states.succeeded ?? 0;
  return (
    <Box miw={150}>
      <Text size="sm">{t("experiments.progress", { done, total })}</Text>
      <Progress
        value={(100 * done) / Math.max(total, 1)}
        size="xs"
        mt={4}
        aria-label={t("experiments.table.progress", { title: experiment.name })}
      />
    </Box>
  );
}

/** How the patients are divided, in words. */
export function useDesignWords(): (experiment: Experiment) => string {
  const { t } = useTranslation();
  return ({ kind, protocol, folds, repeats, external_name }) => {
    if (protocol === "paper") return repeats > 1 ? `${t("experiments.paper")}, ${repeats} ×` : t("experiments.paper");
    if (kind === "sites") return t("experiments.sites");
    if (kind === "external") return t("experiments.external", { dataset: external_name });
    return kind === "folds" ? t("experiments.cross", { folds, repeats }) : t("experiments.single");
  };
}
