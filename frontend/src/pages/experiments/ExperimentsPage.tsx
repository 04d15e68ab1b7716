import { Badge, Group, Paper, Progress, ScrollArea, Table, Text } from "@mantine/core";
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
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";

const route = getRouteApi("/shell/experiments");

export function ExperimentsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const found = useQuery(queries.experiments({ dataset: search.dataset, cursor: search.cursor }));
  const rows = found.data?.results ?? [];
  const start = can("experiments.create") ? (
    <ButtonTo to="/experiments/new" search={{ dataset: search.dataset }}>
      {t("experiments.start")}
    </ButtonTo>
  ) : null;
  return (
    <Page title={t("experiments.title")} lead={t("experiments.lead")} actions={start}>
      {found.isPending ? <Loading /> : null}
      {found.error ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
      {found.data && !rows.length ? (
        <Empty title={t("experiments.none.title")} action={start}>
          {t("experiments.none.text")}
        </Empty>
      ) : null}
      {rows.length ? (
        <Paper p={0}>
          <ScrollArea viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("experiments.title") }}>
            <Table highlightOnHover miw={860} data-testid="experiments">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("experiments.name")}</Table.Th>
                  <Table.Th>{t("experiments.dataset")}</Table.Th>
                  <Table.Th ta="right">{t("experiments.models")}</Table.Th>
                  <Table.Th>{t("experiments.design")}</Table.Th>
                  <Table.Th>{t("experiments.runs")}</Table.Th>
                  <Table.Th>{t("common.by")}</Table.Th>
                  <Table.Th>{t("common.created")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((one) => (
                  <Row key={one.id} experiment={one} />
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        </Paper>
      ) : null}
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

function Row({ experiment }: { experiment: Experiment }) {
  const { t } = useTranslation();
  const format = useFormats();
  const designWords = useDesignWords();
  const total = Object.values(experiment.states).reduce((sum, count) => sum + count, 0);
  const done = experiment.states.succeeded ?? 0;
  return (
    <Table.Tr data-experiment={experiment.id}>
      <Table.Td>
        <Group gap="xs">
          <LinkTo to="/experiments/$experimentId" params={{ experimentId: experiment.id }} fw={600}>
            {experiment.name}
          </LinkTo>
          {experiment.simulated ? <SimulatedBadge /> : null}
          {experiment.quick ? (
            <Badge variant="default" tt="none">
              {t("experiments.quick")}
            </Badge>
          ) : null}
        </Group>
      </Table.Td>
      <Table.Td>
        <LinkTo to="/datasets/$datasetId" params={{ datasetId: experiment.dataset }} size="sm">
          {experiment.dataset_name}
        </LinkTo>
      </Table.Td>
      <Table.Td ta="right">{format.count(experiment.lines)}</Table.Td>
      <Table.Td>
        <Text size="sm">{designWords(experiment)}</Text>
      </Table.Td>
      <Table.Td miw={170}>
        <Text size="sm">{t("experiments.progress", { done, total })}</Text>
        <Progress
          value={(100 * done) / Math.max(total, 1)}
          size="xs"
          mt={4}
          aria-label={t("experiments.table.progress", { title: experiment.name })}
        />
      </Table.Td>
      <Table.Td>
        <Text size="sm">{experiment.created_by}</Text>
      </Table.Td>
      <Table.Td>{format.moment(experiment.created_at)}</Table.Td>
    </Table.Tr>
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
