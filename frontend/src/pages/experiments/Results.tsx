import { List, Paper, SegmentedControl, SimpleGrid, Stack, Table, Tabs, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ExperimentDetail, ExperimentResults } from "~/api/types";
import { Plot } from "~/charts/Plot";
import { spoken } from "~/i18n";
import { PairedTests } from "~/pages/compare/PairedTests";
import { StageBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { metricName } from "~/ui/metrics";
import { Optimism } from "./Optimism";
import { DECISION_FIGURES, figuresOf, ROC_FIGURES } from "./lines";
import { Scrolled } from "./Scrolled";
import { Sites } from "./Sites";

const TABS = [
  "roc",
  "confusion",
  "stages",
  "points",
  "significance",
  "calibration",
  "decision",
  "sites",
  "optimism",
  "notes",
] as const;

interface ResultsProps {
  experiment: ExperimentDetail;
  results: ExperimentResults;
}

/** What the complete lines say together. */
export function Results({ experiment, results }: ResultsProps) {
  const { t } = useTranslation();
  const plot = (name: string, word: string) => {
    const figure = results.figures[name];
    return figure ? (
      <Plot key={name} figure={figure} label={t("experiments.figure", { name: word, title: experiment.name })} />
    ) : null;
  };
  return (
    <Paper component="section" data-testid="experiment-results" data-complete={results.complete}>
      {results.complete < results.total ? (
        <Text size="sm" c="dimmed" mb="xs">
          {t("experiments.partial", { complete: results.complete, total: results.total })}
        </Text>
      ) : null}
      <Tabs defaultValue="roc" keepMounted={false}>
        <Tabs.List>
          {TABS.map(
            (tab) => (
              <Tabs.Tab key={tab} value={tab}>
                {t(`experiments.tabs.${tab}`)}
              </Tabs.Tab>
            ),
          )}
        </Tabs.List>
        <Tabs.Panel value="roc" pt="sm">
          <Chosen names={ROC_FIGURES.filter((name) => name in results.figures)} family="roc">
            {(name) => plot(name, t("experiments.tabs.roc"))}
          </Chosen>
        </Tabs.Panel>
        <Tabs.Panel value="confusion" pt="sm">
          {plot("confusion", t("experiments.tabs.confusion"))}
        </Tabs.Panel>
        <Tabs.Panel value="stages" pt="sm">
          <Stages results={results} />
        </Tabs.Panel>
        <Tabs.Panel value="points" pt="sm">
          <Points results={results} />
        </Tabs.Panel>
        <Tabs.Panel value="significance" pt="sm">
          <Stack>
            <Chosen names={figuresOf(results, "significance")} family="significance">
              {(name) => plot(name, t("experiments.tabs.significance"))}
            </Chosen>
            <PairedTests tests={results.tests} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="calibration" pt="sm">
          <SimpleGrid cols={{ base: 1, lg: 2 }}>
            {figuresOf(results, "reliability").map((name) => plot(name, t("experiments.tabs.calibration")))}
          </SimpleGrid>
        </Tabs.Panel>
        <Tabs.Panel value="decision" pt="sm">
          <Stack>
            <Chosen names={DECISION_FIGURES.filter((name) => name in results.figures)} family="decision">
              {(name) => figuresOf(results, name).map((one) => plot(one, t("experiments.tabs.decision")))}
            </Chosen>
            <Serum results={results} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="sites" pt="sm">
          <Sites results={results} />
        </Tabs.Panel>
        <Tabs.Panel value="optimism" pt="sm">
          <Stack>
            {results.optimism.length ? (
              <Chosen names={figuresOf(results, "optimism")} family="optimism">
                {(name) => plot(name, t("experiments.tabs.optimism"))}
              </Chosen>
            ) : null}
            <Optimism results={results} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="notes" pt="sm">
          {results.notes.length ? (
            <List size="sm">
              {results.notes.map((note) => {
                const words = spoken(note);
                return (
                  <List.Item key={note} lang={words === note ? "en" : undefined}>
                    {words}
                  </List.Item>
                );
              })}
            </List>
          ) : (
            <Text size="sm">{t("experiments.noNotes")}</Text>
          )}
        </Tabs.Panel>
      </Tabs>
    </Paper>
  );
}

interface ChosenProps {
  names: readonly string[];
  family: "roc" | "decision" | "significance" | "optimism";
  children: (name: string) => React.ReactNode;
}

/** One of several figures of a family, chosen above it. */
function Chosen({ names, family, children }: ChosenProps) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<string | null>(null);
  const name = names.find((one) => one === wanted) ?? names[0];
  const word = (one: string) => {
    const target = one.replace(`${family}-`, "");
    if (family === "significance" || family === "optimism") return metricName(target.replaceAll("-", "_"));
    return t(`experiments.findings.${target as "roc" | "ge-s2" | "ge-s3" | "ge-s4"}`);
  };
  if (!name) return null;
  return (
    <Stack gap="xs">
      {names.length > 1 ? (
        <SegmentedControl
          size="xs"
          w="fit-content"
          aria-label={t("experiments.finding")}
          data={names.map((one) => ({ value: one, label: word(one) }))}
          value={name}
          onChange={setWanted}
        />
      ) : null}
      {children(name)}
    </Stack>
  );
}

function Stages({ results }: { results: ExperimentResults }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Scrolled label={t("experiments.tabs.stages")}>
      <Table miw={840} verticalSpacing={4} data-testid="stage-table">
        <Table.Caption style={{ captionSide: "top", textAlign: "start" }}>{t("experiments.stages.caption")}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("experiments.table.model")}</Table.Th>
            <Table.Th>{t("experiments.stages.stage")}</Table.Th>
            {(["n", "sensitivity", "specificity", "ppv", "auc"] as const).map((name) => (
              <Table.Th key={name} ta="right">
                {t(`experiments.stages.${name}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {results.stages.map((row) => (
            <Table.Tr key={`${row.title} ${row.stage}`}>
              <Table.Td>{row.stage === "S0" ? <Text fw={600}>{row.title}</Text> : null}</Table.Td>
              <Table.Td>
                <StageBadge stage={Number(row.stage.slice(1))} />
              </Table.Td>
              <Table.Td ta="right">{format.count(row.n)}</Table.Td>
              {[row.sensitivity, row.specificity, row.precision, row.auc].map((metric, index) => (
                <Table.Td key={index} ta="right" style={{ whiteSpace: "nowrap" }}>
                  {format.metric(metric)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrolled>
  );
}

function Points({ results }: { results: ExperimentResults }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Scrolled label={t("experiments.tabs.points")}>
      <Table miw={1080} verticalSpacing={4} data-testid="operating-points">
        <Table.Caption style={{ captionSide: "top", textAlign: "start" }}>{t("experiments.points.caption")}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("experiments.table.model")}</Table.Th>
            <Table.Th>{t("experiments.finding")}</Table.Th>
            <Table.Th>{t("experiments.points.rule")}</Table.Th>
            <Table.Th ta="right">{t("experiments.points.threshold")}</Table.Th>
            {(["sensitivity", "specificity", "ppv", "npv"] as const).map((name) => (
              <Table.Th key={name} ta="right">
                {t(`experiments.stages.${name}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {results.operating_points.map((point) => (
            <Table.Tr key={`${point.title} ${point.stage} ${point.rule}`}>
              <Table.Td>{point.title}</Table.Td>
              <Table.Td>{t(`experiments.findings.${`ge-s${point.stage}` as "ge-s2" | "ge-s3" | "ge-s4"}`)}</Table.Td>
              <Table.Td>{t(`experiments.points.${point.rule}`)}</Table.Td>
              <Table.Td ta="right">
                {point.thresholds
                  .slice(0, 3)
                  .map((threshold) => format.decimal(threshold, 2))
                  .join(", ") + (point.thresholds.length > 3 ? " …" : "")}
              </Table.Td>
              {[
                point.sensitivity,
                point.specificity,
                point.positive_predictive_value,
                point.negative_predictive_value,
              ].map((metric, index) => (
                <Table.Td key={index} ta="right" style={{ whiteSpace: "nowrap" }}>
                  {format.metric(metric)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scrolled>
  );
}

function Serum({ results }: { results: ExperimentResults }) {
  const { t } = useTranslation();
  const format = useFormats();
  const names = Object.keys(results.serum);
  const metrics = ["auc_ge_s1", "auc_ge_s2", "auc_ge_s3", "auc_ge_s4"];
  if (!names.length) return null;
  return (
    <div>
      <Title order={3}>{t("experiments.serum")}</Title>
      <Table verticalSpacing={4} data-testid="serum">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("experiments.table.model")}</Table.Th>
            {metrics.map((metric) => (
              <Table.Th key={metric} ta="right">
                {metricName(metric)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {names.map((name) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              {metrics.map((metric) => (
                <Table.Td key={metric} ta="right">
                  {format.metric(results.serum[name]?.[metric])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
