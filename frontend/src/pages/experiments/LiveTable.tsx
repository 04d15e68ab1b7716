import { Group, Progress, ScrollArea, Switch, Table, Text } from "@mantine/core";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ExperimentDetail, ExperimentResults, Metric } from "~/api/types";
import { lookUp } from "~/i18n";
import { StateBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { metricName } from "~/ui/metrics";
import { type Line, metricsOf } from "./lines";

const COLUMNS = [
  "accuracy",
  "macro_recall",
  "macro_precision",
  "macro_f1",
  "harmonic_f1_paper",
  "mcc",
  "auc_macro",
  "quadratic_weighted_kappa",
];

interface LiveTableProps {
  experiment: ExperimentDetail;
  lines: Line[];
  results: ExperimentResults | undefined;
}

/** Table 1 while it fills: each line with its state, then its numbers, the paper's own below. */
export function LiveTable({ experiment, lines, results }: LiveTableProps) {
  const { t } = useTranslation();
  const [paper, setPaper] = useState(true);
  return (
    <>
      {experiment.reported.length ? (
        <Switch
          size="sm"
          label={t("experiments.table.showReported")}
          checked={paper}
          onChange={(event) => {
            setPaper(event.currentTarget.checked);
          }}
        />
      ) : null}
      <ScrollArea viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("experiments.table.title") }}>
        <Table miw={1080} verticalSpacing={6} data-testid="table-1">
          <Table.Caption style={{ captionSide: "top", textAlign: "start" }}>{t("experiments.table.caption")}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("experiments.table.model")}</Table.Th>
              <Table.Th>{t("common.stateLabel")}</Table.Th>
              {COLUMNS.map((name) => (
                <Table.Th key={name} ta="right">
                  {metricName(name)}
                </Table.Th>
              ))}
              <Table.Th ta="right">{t("experiments.table.took")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.map((line) => {
              const reported = experiment.reported.find((one) => one.key === line.preset && one.title === line.title);
              return (
                <Fragment key={line.number}>
                  <OneLine line={line} results={results} />
                  {paper && reported ? <Reported metrics={reported.metrics} /> : null}
                </Fragment>
              );
            })}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </>
  );
}

function OneLine({ line, results }: { line: Line; results: ExperimentResults | undefined }) {
  const { t } = useTranslation();
  const format = useFormats();
  const metrics = metricsOf(line, results);
  const title = lookUp(`server.presets.${line.preset}.title`) ?? line.title;
  const [first] = line.rows;
  return (
    <Table.Tr data-line={line.number} data-state={line.state}>
      <Table.Th scope="row" fw={600} style={{ whiteSpace: "nowrap" }}>
        {first && line.rows.length === 1 ? (
          <LinkTo to="/runs/$runId" params={{ runId: first.run.id }}>
            {title}
          </LinkTo>
        ) : (
          title
        )}
        {line.rows.length > 1 ? <Folds line={line} /> : null}
      </Table.Th>
      <Table.Td miw={140}>
        <StateBadge state={line.state} />
        {line.state === "running" ? (
          <Progress value={line.progress * 100} size="xs" mt={4} aria-label={t("experiments.table.progress", { title })} />
        ) : null}
        {line.position === null ? null : (
          <Text size="xs" c="dimmed">
            {t("job.position", { position: line.position })}
          </Text>
        )}
      </Table.Td>
      {COLUMNS.map((name) => (
        <Table.Td key={name} ta="right" style={{ whiteSpace: "nowrap" }}>
          <Value metric={metrics?.[name]} />
        </Table.Td>
      ))}
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {format.seconds(line.seconds)}
      </Table.Td>
    </Table.Tr>
  );
}

/** The value, its interval below it: eight columns have to fit beside each other. */
function Value({ metric }: { metric: Metric | undefined }) {
  const format = useFormats();
  const [value, ...interval] = format.metric(metric).split(" ");
  return (
    <>
      <Text size="sm">{value}</Text>
      {interval.length ? (
        <Text size="xs" c="dimmed">
          {interval.join(" ")}
        </Text>
      ) : null}
    </>
  );
}

function Folds({ line }: { line: Line }) {
  const { t } = useTranslation();
  return (
    <Group gap={6} wrap="wrap" maw={220}>
      <Text size="xs" c="dimmed" fw={400}>
        {t("experiments.table.folds", { done: line.finished, total: line.rows.length })}
      </Text>
      {line.rows.map((row) => (
        <LinkTo
          key={row.run.id}
          to="/runs/$runId"
          params={{ runId: row.run.id }}
          size="xs"
          fw={400}
          aria-label={`${line.title} ${row.repeat + 1}.${row.fold + 1}`}
        >
          {`${row.repeat + 1}.${row.fold + 1}`}
        </LinkTo>
      ))}
    </Group>
  );
}

function Reported({ metrics }: { metrics: ExperimentDetail["reported"][number]["metrics"] }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Table.Tr data-reported style={{ fontStyle: "italic" }}>
      <Table.Td colSpan={2}>
        <Text size="xs" c="dimmed" ta="right">
          {t("experiments.table.reported")}
        </Text>
      </Table.Td>
      {COLUMNS.map((name) => (
        <Table.Td key={name} ta="right">
          <Text size="xs" c="dimmed">
            {format.metric(metrics[name])}
          </Text>
        </Table.Td>
      ))}
      <Table.Td />
    </Table.Tr>
  );
}
