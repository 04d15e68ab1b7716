import { Button, Group, Paper, ScrollArea, Table, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SiteAndStage } from "~/ui/SiteAndStage";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { PatientRow } from "~/api/types";
import { type PatientsSearch, patientsQuery } from "~/pages/search";
import { SimulatedBadge, StageBadge, stageLabel } from "~/ui/badges";
import { CursorPager } from "~/ui/CursorPager";
import { ExportTable } from "~/ui/ExportTable";
import { NOTHING, useFormats } from "~/ui/formats";
import { ButtonTo, LinkTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { SavedViews } from "~/views/SavedViews";

const route = getRouteApi("/shell/patients");
const TYPING_PAUSE_MS = 350;

/** Everybody of one's sites, newest first, by pseudonym. */
export function PatientsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const patients = useQuery(queries.patients(patientsQuery(search)));
  const rows = patients.data?.results ?? [];
  const filtered = Boolean(search.search ?? search.site ?? search.stage);
  const change = (wish: Partial<PatientsSearch>) => {
    void navigate({ search: (held) => ({ ...held, cursor: undefined, ...wish }), replace: true });
  };
  return (
    <Page
      title={t("records.patients.title")}
      lead={t("records.patients.lead")}
      beside={rows.some((row) => row.simulated) ? <SimulatedBadge /> : null}
      actions={
        <>
          <SavedViews page="patients" />
          <ExportTable<PatientRow>
            name="patients"
            columns={[
              [t("common.patient"), (row) => row.pseudonym],
              [t("common.site"), (row) => row.site.code],
              [t("records.patients.sex"), (row) => row.sex],
              [t("worklist.column.pathology"), (row) => stageLabel(row.pathology_stage)],
              [t("patient.exams"), (row) => row.exam_count],
              [t("records.patients.since"), (row) => row.created_at],
              [t("common.simulated"), (row) => row.simulated],
            ]}
            page={(cursor) => api.patients({ ...patientsQuery(search), page_size: 200, cursor })}
          />
        </>
      }
    >
      <Filters key={search.search ?? ""} search={search} change={change} />
      {patients.isPending ? <Loading rows={10} /> : null}
      {patients.error ? <Failed error={patients.error} retry={() => void patients.refetch()} /> : null}
      {patients.data && !rows.length ? (
        filtered ? (
          <Empty
            title={t("records.patients.noMatch")}
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
            {t("records.patients.noMatchText")}
          </Empty>
        ) : (
          <Empty
            title={t("records.patients.none")}
            action={can("uploads.create") ? <ButtonTo to="/upload">{t("shell.nav.upload")}</ButtonTo> : null}
          >
            {t("records.patients.noneText")}
          </Empty>
        )
      ) : null}
      {rows.length ? <Rows rows={rows} old={patients.isPlaceholderData} /> : null}
      {patients.data ? (
        <CursorPager
          page={patients.data}
          go={(cursor) => {
            void navigate({ search: (held) => ({ ...held, cursor }) });
          }}
        />
      ) : null}
    </Page>
  );
}

function Filters({ search, change }: { search: PatientsSearch; change: (wish: Partial<PatientsSearch>) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(search.search ?? "");
  const settle = useDebouncedCallback((text: string) => {
    change({ search: text.trim() || undefined });
  }, TYPING_PAUSE_MS);
  return (
    <Group gap="xs" align="flex-end" role="search" aria-label={t("worklist.filters")}>
      <TextInput
        label={t("worklist.search")}
        leftSection={<IconSearch size={15} aria-hidden />}
        w={210}
        value={typed}
        autoFocus={Boolean(search.search)}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          settle(event.currentTarget.value);
        }}
      />
      <SiteAndStage site={search.site} stage={search.stage} change={change} />
    </Group>
  );
}

function Rows({ rows, old }: { rows: PatientRow[]; old: boolean }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Paper p={0} style={{ opacity: old ? 0.6 : 1 }}>
      <ScrollArea>
        <Table highlightOnHover miw={640} data-testid="patients">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("common.patient")}</Table.Th>
              <Table.Th>{t("common.site")}</Table.Th>
              <Table.Th>{t("records.patients.sex")}</Table.Th>
              <Table.Th>{t("worklist.column.pathology")}</Table.Th>
              <Table.Th ta="right">{t("patient.exams")}</Table.Th>
              <Table.Th>{t("records.patients.since")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.id}>
                <Table.Td>
                  <LinkTo to="/patients/$patientId" params={{ patientId: row.id }} fw={600}>
                    {row.pseudonym}
                  </LinkTo>
                </Table.Td>
                <Table.Td>{row.site.code}</Table.Td>
                <Table.Td>{row.sex ? t(`common.sex.${row.sex}`) : NOTHING}</Table.Td>
                <Table.Td>
                  <StageBadge stage={row.pathology_stage} />
                </Table.Td>
                <Table.Td ta="right">{format.count(row.exam_count)}</Table.Td>
                <Table.Td>{format.date(row.created_at)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </Paper>
  );
}
