import { Alert, Button, Grid, Menu, Paper, Select, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/problem";
import { queries } from "~/api/queries";
import type { Comparison, PlotlyFigure } from "~/api/types";
import { Plot } from "~/charts/Plot";
import { useSpecTitles } from "~/forms/useSpecTitles";
import { settingInWords } from "~/pages/runs/Parameters";
import { lookUp, spoken } from "~/i18n";
import { SimulatedBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { ButtonTo, LinkTo } from "~/ui/links";
import { metricName } from "~/ui/metrics";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { Withheld } from "~/ui/Withheld";
import { DecisionCurves } from "./DecisionCurves";
import { PairedTests } from "./PairedTests";
import { PatientByPatient } from "./PatientByPatient";
import { RunPicker } from "./RunPicker";

const route = getRouteApi("/shell/compare");

export function ComparePage() {
  const { t } = useTranslation();
  const { ids } = route.useSearch();
  const navigate = route.useNavigate();
  const enough = ids.length >= 2;
  const comparison = useQuery({ ...queries.comparison(ids), enabled: enough });
  const data = enough ? comparison.data : undefined;
  return (
    <Page
      title={t("compare.title")}
      lead={t("compare.lead")}
      beside={data?.runs.some((run) => run.simulated) ? <SimulatedBadge /> : null}
      actions={data?.metrics.length ? <Exports ids={ids} /> : null}
    >
      <RunPicker
        ids={ids}
        change={(next) => {
          void navigate({ search: { ids: next }, replace: true });
        }}
      />
      {enough ? null : (
        <Empty title={t("compare.few.title")} action={<ButtonTo to="/runs">{t("compare.few.action")}</ButtonTo>}>
          {t("compare.few.text")}
        </Empty>
      )}
      {enough && comparison.isPending ? <Loading rows={8} /> : null}
      {enough && comparison.error ? (
        comparison.error instanceof ApiProblem && comparison.error.code === "blinded" ? (
          <Withheld />
        ) : (
          <Failed error={comparison.error} retry={() => void comparison.refetch()} />
        )
      ) : null}
      {data ? <Sides comparison={data} /> : null}
      {data ? <Patients ids={ids} /> : null}
    </Page>
  );
}

/** Patient by patient: a question of its own, since its answer is large. */
function Patients({ ids }: { ids: string[] }) {
  const found = useQuery(queries.disagreement(ids));
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Loading rows={4} />;
  return (
    <>
      <DecisionCurves figures={found.data.decision} />
      <PatientByPatient key={ids.join()} found={found.data} />
    </>
  );
}

function Exports({ ids }: { ids: string[] }) {
  const { t } = useTranslation();
  const files = { csv: "metrics.csv", tex: "metrics.tex", patients: "patients.csv" } as const;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          {t("disagreement.export")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(files) as (keyof typeof files)[]).map((key) => (
          <Menu.Item key={key} component="a" href={`/api/v1/runs/compare/${files[key]}/?ids=${ids.join(",")}`} download>
            {t(`disagreement.${key}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Sides({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const { figures, labels } = comparison;
  return (
    <Stack gap="md">
      {comparison.warnings.map((warning) => (
        <Alert key={warning.code} color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />}>
          <Text size="sm">{lookUp(`server.warnings.${warning.code}`) ?? spoken(warning.message)}</Text>
        </Alert>
      ))}
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Paper component="section" h="100%">
            <Title order={2} mb="xs">
              {t("compare.parameters")}
            </Title>
            <Differences comparison={comparison} />
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <RocOverlay figures={figures} />
        </Grid.Col>
      </Grid>
      <Paper component="section">
        <Title order={2}>{t("metrics.title")}</Title>
        <MetricRows comparison={comparison} />
      </Paper>
      <Paper component="section">
        <Title order={2}>{t("compare.tests.title")}</Title>
        <PairedTests tests={comparison.tests} />
      </Paper>
      <SideBySide
        name="confusion"
        title={t("figures.confusion")}
        labels={labels}
        figures={figures.confusion}
        label={(name) => t("figures.confusionLabel", { name })}
      />
      <SideBySide
        name="calibration"
        title={t("compare.calibration")}
        labels={labels}
        figures={figures.calibration}
        label={(name) => t("compare.calibrationLabel", { name })}
      />
    </Stack>
  );
}

interface SideBySideProps {
  name: string;
  title: string;
  labels: string[];
  figures: (PlotlyFigure | null)[];
  label: (name: string) => string;
}

function SideBySide({ name, title, labels, figures, label }: SideBySideProps) {
  const { t } = useTranslation();
  return (
    <Paper component="section" data-testid={`compare-${name}`}>
      <Title order={2} mb="xs">
        {title}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 2, xl: Math.min(3, labels.length) }}>
        {labels.map((run, index) => {
          const figure = figures[index];
          return (
            <div key={run}>
              <Title order={3}>{run}</Title>
              {figure ? (
                <Plot figure={figure} label={label(run)} />
              ) : (
                <Text size="sm" c="dimmed">
                  {t("compare.unfinished")}
                </Text>
              )}
            </div>
          );
        })}
      </SimpleGrid>
    </Paper>
  );
}

function Heads({ comparison }: { comparison: Comparison }) {
  return comparison.runs.map((run, index) => (
    <Table.Th key={run.id} ta="right">
      <LinkTo to="/runs/$runId" params={{ runId: run.id }} size="xs">
        {comparison.labels[index]}
      </LinkTo>
    </Table.Th>
  ));
}

function Differences({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const specTitles = useSpecTitles();
  if (!comparison.parameter_diff.length) {
    return (
      <Text size="sm" c="dimmed">
        {t("compare.same")}
      </Text>
    );
  }
  return (
    <Table.ScrollContainer minWidth={360}>
      <Table verticalSpacing={4} data-testid="parameter-diff">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("compare.parameter")}</Table.Th>
            <Heads comparison={comparison} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {comparison.parameter_diff.map((row) => (
            <Table.Tr key={row.path} data-path={row.path}>
              <Table.Td>
                <Text size="sm">{specTitles(row.path)}</Text>
              </Table.Td>
              {row.values.map((value, index) => (
                <Table.Td key={comparison.runs[index]?.id} ta="right">
                  <Text size="sm" ff="monospace" style={{ overflowWrap: "anywhere" }}>
                    {settingInWords(row.path, value)}
                  </Text>
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function MetricRows({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table verticalSpacing={4} data-testid="compare-metrics">
        <Table.Caption style={{ captionSide: "top", textAlign: "start" }}>{t("compare.metricsCaption")}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("metrics.metric")}</Table.Th>
            <Heads comparison={comparison} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {comparison.metrics.map((row) => (
            <Table.Tr key={row.name} data-metric={row.name}>
              <Table.Td>
                <Text size="sm">
                  {metricName(row.name, row.label)} {row.lower_is_better ? t("metrics.lowerIsBetter") : null}
                </Text>
              </Table.Td>
              {row.values.map((metric, index) => {
                const best = row.best.includes(index);
                return (
                  <Table.Td key={comparison.runs[index]?.id} ta="right" fw={best ? 700 : 400} data-best={best}>
                    {format.metric(metric)}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function RocOverlay({ figures }: { figures: Comparison["figures"] }) {
  const { t } = useTranslation();
  const targets = Object.keys(figures.roc_by_target ?? {});
  const [target, setTarget] = useState("macro");
  const figure = target === "macro" ? figures.roc : figures.roc_by_target?.[target];
  return (
    <Paper component="section" h="100%" data-figure="roc">
      <Stack gap="xs">
        <Title order={2}>{t("compare.roc")}</Title>
        {targets.length ? (
          <Select
            size="xs"
            w={260}
            label={t("compare.target")}
            allowDeselect={false}
            data={[
              { value: "macro", label: t("metrics.auc_macro") },
              ...targets.map((name) => ({ value: name, label: metricName(name) })),
            ]}
            value={target}
            onChange={(value) => {
              setTarget(value ?? "macro");
            }}
          />
        ) : null}
        {figure ? (
          <Plot figure={figure} label={t("compare.rocLabel")} />
        ) : (
          <Text size="sm" c="dimmed">
            {t("compare.unfinished")}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
