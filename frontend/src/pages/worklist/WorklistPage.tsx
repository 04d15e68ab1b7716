import { Button, Group, Paper, ScrollArea, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { ExamRow } from "~/api/types";
import { worklistQuery } from "~/pages/search";
import { BandBadge, SimulatedBadge, StageBadge, stageLabel, StateBadge } from "~/ui/badges";
import { CursorPager } from "~/ui/CursorPager";
import { ExportTable } from "~/ui/ExportTable";
import { NOTHING, useFormats } from "~/ui/formats";
import { ButtonTo, LinkTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { SavedViews } from "~/views/SavedViews";
import { WorklistFilters } from "./WorklistFilters";

const route = getRouteApi("/shell/worklist");

export function WorklistPage() {
  const { t } = useTranslation();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const exams = useQuery(queries.exams(worklistQuery(search)));
  const rows = exams.data?.results ?? [];
  const filtered = Boolean(search.site ?? search.stage ?? search.staged ?? search.pair ?? search.search ?? search.review);

  return (
    <Page
      title={t("worklist.title")}
      beside={rows.some((row) => row.patient.simulated) ? <SimulatedBadge /> : null}
      lead={t("worklist.lead")}
      actions={
        <>
        <SavedViews page="worklist" />
        <ExportTable<ExamRow>
          name="worklist"
          columns={[
            [t("common.patient"), (row) => row.patient.pseudonym],
            [t("records.patients.sex"), (row) => row.patient.sex],
            [t("patient.valueNames.age_years"), (row) => row.patient.age_years],
            [t("common.site"), (row) => row.patient.site.code],
            [t("worklist.column.date"), (row) => row.exam_date],
            [t("worklist.column.bands"), (row) => row.bands.join(" ")],
            [t("worklist.column.images"), (row) => row.image_count],
            [t("worklist.column.pathology"), (row) => stageLabel(row.pathology_stage)],
            [t("worklist.column.model"), (row) => row.latest_staging?.stage],
            [t("worklist.column.report"), (row) => stageLabel(row.report?.stage)],
            [t("common.simulated"), (row) => row.patient.simulated],
          ]}
          page={(cursor) => api.exams({ ...worklistQuery(search), page_size: 200, cursor })}
        />
        </>
      }
    >
      <WorklistFilters
        search={search}
        change={(change) => {
          void navigate({ search: (held) => ({ ...held, cursor: undefined, ...change }), replace: true });
        }}
        clear={() => {
          void navigate({ search: {} });
        }}
      />
      {exams.isPending ? <Loading rows={10} /> : null}
      {exams.error ? <Failed error={exams.error} retry={() => void exams.refetch()} /> : null}
      {exams.data && !rows.length ? (
        filtered ? (
          <Empty
            title={t("worklist.noMatch.title")}
            action={
              <Button
                variant="default"
                onClick={() => {
                  void navigate({ search: {} });
                }}
              >
                {t("common.clear")}
              </Button>
            }
          >
            {t("worklist.noMatch.text")}
          </Empty>
        ) : (
          <Empty
            title={t("worklist.none.title")}
            action={can("uploads.create") ? <ButtonTo to="/upload">{t("shell.nav.upload")}</ButtonTo> : null}
          >
            {t("worklist.none.text")}
          </Empty>
        )
      ) : null}
      {rows.length ? (
        <Paper p={0} style={{ opacity: exams.isPlaceholderData ? 0.6 : 1 }}>
          <ScrollArea>
            <Table highlightOnHover miw={860} horizontalSpacing="xs" data-testid="worklist">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("common.patient")}</Table.Th>
                  <Table.Th>{t("worklist.column.person")}</Table.Th>
                  <Table.Th>{t("common.site")}</Table.Th>
                  <Table.Th>{t("worklist.column.date")}</Table.Th>
                  <Table.Th>{t("worklist.column.bands")}</Table.Th>
                  <Table.Th ta="right">{t("worklist.column.images")}</Table.Th>
                  <Table.Th>{t("worklist.column.pathology")}</Table.Th>
                  <Table.Th>{t("worklist.column.model")}</Table.Th>
                  {can("reports.list") ? <Table.Th>{t("worklist.column.report")}</Table.Th> : null}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((exam) => (
                  <Row key={exam.id} exam={exam} />
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        </Paper>
      ) : null}
      {exams.data ? (
        <CursorPager
          page={exams.data}
          go={(cursor) => {
            void navigate({ search: (held) => ({ ...held, cursor }) });
          }}
        />
      ) : null}
    </Page>
  );
}

/** What was signed, with a word where the reviewer said something else than the model. */
function ReportCell({ exam }: { exam: ExamRow }) {
  const { t } = useTranslation();
  const { report, latest_staging: staging } = exam;
  if (!report) {
    return (
      <Text size="sm" c="dimmed">
        {staging?.stage ? t("worklist.review.waiting") : NOTHING}
      </Text>
    );
  }
  return (
    <Group gap={8} wrap="nowrap">
      {report.decision === "cannot-be-staged" ? null : <StageBadge stage={report.stage} />}
      <Text size="sm" c="dimmed">
        {t(`worklist.says.${report.decision}`)}
      </Text>
    </Group>
  );
}

function Row({ exam }: { exam: ExamRow }) {
  const { t } = useTranslation();
  const can = useCan();
  const format = useFormats();
  const { patient, latest_staging: staging } = exam;
  const sex = patient.sex === "M" || patient.sex === "F" ? t(`common.sex.${patient.sex}`) : NOTHING;
  const age = patient.age_years === null ? NOTHING : t("common.years", { count: patient.age_years });
  return (
    <Table.Tr data-exam={exam.id}>
      <Table.Td>
        <LinkTo to="/cases/$examId" params={{ examId: exam.id }} fw={600}>
          {patient.pseudonym}
        </LinkTo>
      </Table.Td>
      <Table.Td>
        <Text size="sm" style={{ whiteSpace: "nowrap" }}>
          {sex}, {age}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{patient.site.code}</Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm" style={{ whiteSpace: "nowrap" }}>
          {format.date(exam.exam_date)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          {exam.bands.map((band) => (
            <BandBadge key={band} band={band} />
          ))}
        </Group>
      </Table.Td>
      <Table.Td ta="right">{format.count(exam.image_count)}</Table.Td>
      <Table.Td>
        <StageBadge stage={exam.pathology_stage} />
      </Table.Td>
      <Table.Td>
        {staging?.stage ? (
          <Group gap={8} wrap="nowrap">
            <StageBadge stage={staging.stage} />
            <Text size="sm" c="dimmed">
              {format.percent(staging.probabilities?.[staging.stage])}
            </Text>
          </Group>
        ) : staging ? (
          <StateBadge state={staging.state} />
        ) : (
          <Text size="sm" c="dimmed">
            {exam.pair_id ? t("worklist.notStaged") : t("worklist.noPair")}
          </Text>
        )}
      </Table.Td>
      {can("reports.list") ? (
        <Table.Td>
          <ReportCell exam={exam} />
        </Table.Td>
      ) : null}
    </Table.Tr>
  );
}
