import { Group, Paper, SegmentedControl, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { PlotlyFigure } from "~/api/types";
import { Plot } from "~/charts/Plot";
import { SimulatedBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { ButtonTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { type ReadKind, readingQueries } from "./api";
import { ComparedReads } from "./ComparedReads";

const route = getRouteApi("/shell/reading/agreement");

/** How well two readers agree, and what is to be settled between them. */
export function AgreementPage() {
  const { t } = useTranslation();
  const format = useFormats();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const kind = search.kind ?? "quality";
  const found = useQuery(readingQueries.agreement(kind));
  const data = found.data;
  return (
    <Page
      title={t("reading.agreement.title")}
      beside={data?.simulated ? <SimulatedBadge /> : null}
      lead={t("reading.agreement.lead")}
      actions={
        <ButtonTo variant="default" to="/reading" search={{ kind }}>
          {t("reading.back")}
        </ButtonTo>
      }
    >
      <Group>
        <SegmentedControl
          aria-label={t("reading.kindLabel")}
          value={kind}
          data={(["quality", "stage"] as const).map((value) => ({ value, label: t(`reading.kind.${value}`) }))}
          onChange={(value) => {
            void navigate({ search: { kind: value as ReadKind } });
          }}
        />
      </Group>
      {found.isPending ? <Loading rows={3} height={100} /> : null}
      {found.error ? <Failed error={found.error} retry={() => void found.refetch()} /> : null}
      {data && !data.exams ? (
        <Empty title={t("reading.agreement.none.title")}>{t("reading.agreement.none.text")}</Empty>
      ) : null}
      {data?.exams ? (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Paper component="section" aria-labelledby="kappa-title">
            <Stack gap="xs">
              <Title order={2} id="kappa-title">
                {t(`reading.agreement.kappa.${data.weighting}`)}
              </Title>
              <Text fz={28} fw={650} data-testid="kappa">
                {format.metric(data.kappa)}
              </Text>
              <Text size="sm">
                {t("reading.agreement.same")}: {format.metric(data.agreement)}
              </Text>
              <Text size="sm" c="dimmed">
                {t("reading.agreement.over", { exams: data.exams, patients: data.patients })}
              </Text>
              {data.cannot_tell ? (
                <Text size="sm" c="dimmed">
                  {t("reading.agreement.cannotTell", { count: data.cannot_tell })}
                </Text>
              ) : null}
            </Stack>
          </Paper>
          <Paper>
            <Plot figure={data.figure as PlotlyFigure} label={t("reading.agreement.figure")} />
          </Paper>
        </SimpleGrid>
      ) : null}
      <ComparedReads kind={kind} />
    </Page>
  );
}
