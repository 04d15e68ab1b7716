import { Alert, Badge, Button, Menu, Paper, Progress, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { ExperimentDetail } from "~/api/types";
import { lookUp, spoken } from "~/i18n";
import { SimulatedBadge } from "~/ui/badges";
import { Confirm } from "~/ui/Confirm";
import { useFormats } from "~/ui/formats";
import { ButtonTo, LinkTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Failed, Loading } from "~/ui/states";
import { useDesignWords } from "./ExperimentsPage";
import { LiveTable } from "./LiveTable";
import { linesOf, tally } from "./lines";
import { Results } from "./Results";

const route = getRouteApi("/shell/experiments/$experimentId");
/** Addresses of the downloads below the experiment's own, by the key of their words. */
const FILES = {
  table_csv: "table.csv",
  table_json: "table.json",
  table_html: "table.html",
  table_tex: "table.tex",
  stages_csv: "files/table2.csv",
  stages_tex: "files/table2.tex",
  points_csv: "files/operating_points.csv",
  significance_csv: "files/significance.csv",
  predictions_csv: "files/predictions.csv",
  metrics_json: "files/metrics.json",
  report_html: "files/report.html",
} as const;
type FileKey = keyof typeof FILES;

export function ExperimentPage() {
  const { t } = useTranslation();
  const { experimentId } = route.useParams();
  const experiment = useQuery(queries.experiment(experimentId));
  if (experiment.data) return <Detail key={experimentId} experiment={experiment.data} />;
  return (
    <Page title={t("experiments.one")}>
      {experiment.error ? (
        <Failed error={experiment.error} retry={() => void experiment.refetch()} />
      ) : (
        <Loading rows={8} height={44} />
      )}
    </Page>
  );
}

function Detail({ experiment }: { experiment: ExperimentDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const designWords = useDesignWords();
  const lines = linesOf(experiment);
  const complete = lines.filter((line) => line.finished === line.rows.length).map((line) => line.number);
  const results = useQuery({
    ...queries.experimentResults(experiment.id, complete),
    enabled: complete.length > 0,
  });
  const { done, total } = tally(experiment);
  return (
    <Page
      title={experiment.name}
      beside={
        <>
          {experiment.simulated ? <SimulatedBadge /> : null}
          {experiment.quick ? (
            <Badge variant="default" tt="none">
              {t("experiments.quick")}
            </Badge>
          ) : null}
        </>
      }
      lead={
        <>
          <LinkTo to="/datasets/$datasetId" params={{ datasetId: experiment.dataset }} underline="always">
            {experiment.dataset_name}
          </LinkTo>
          {" · "}
          {[designWords(experiment), experiment.created_by, format.moment(experiment.created_at)]
            .filter(Boolean)
            .join(" · ")}
          {experiment.beside ? (
            <>
              {" · "}
              <LinkTo to="/experiments/$experimentId" params={{ experimentId: experiment.beside }} underline="always">
                {t("experiments.beside", { name: experiment.beside_name })}
              </LinkTo>
            </>
          ) : null}
          {experiment.note ? <Text size="sm">{experiment.note}</Text> : null}
        </>
      }
      actions={<Actions experiment={experiment} ready={complete.length > 0} />}
    >
      {experiment.protocol === "paper" ? (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />}>
          <Text size="sm">{t("experiments.paperWarning")}</Text>
        </Alert>
      ) : null}
      {experiment.quick ? (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />}>
          <Text size="sm">{t("experiments.quickWarning")}</Text>
        </Alert>
      ) : null}
      {experiment.warnings
        .filter((warning) => warning.code !== "runs-unfinished")
        .map((warning) => (
          <Alert key={warning.code} color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />}>
            <Text size="sm">{lookUp(`server.warnings.${warning.code}`) ?? spoken(warning.message)}</Text>
          </Alert>
        ))}
      <Paper component="section" data-testid="experiment" data-done={done} data-total={total}>
        <Stack gap="xs">
          <Title order={2}>{t("experiments.table.title")}</Title>
          <Text size="sm" role="status">
            {t("experiments.progress", { done, total })}
          </Text>
          <Progress
            value={(100 * lines.reduce((sum, line) => sum + line.progress, 0)) / Math.max(lines.length, 1)}
            aria-label={t("experiments.table.progress", { title: experiment.name })}
          />
          <LiveTable experiment={experiment} lines={lines} results={results.data} />
        </Stack>
      </Paper>
      {complete.length ? null : (
        <Text size="sm" c="dimmed">
          {t("experiments.waiting")}
        </Text>
      )}
      {results.error ? <Failed error={results.error} retry={() => void results.refetch()} /> : null}
      {complete.length && results.isPending ? <Loading rows={4} height={60} /> : null}
      {results.data?.complete ? <Results experiment={experiment} results={results.data} /> : null}
    </Page>
  );
}

function Actions({ experiment, ready }: { experiment: ExperimentDetail; ready: boolean }) {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { active, stopped } = tally(experiment);
  const refresh = () => client.invalidateQueries({ queryKey: ["experiments"] });
  const cancel = useMutation({
    mutationFn: () => api.cancelExperiment(experiment.id),
    onSuccess: refresh,
    onSettled: () => {
      setAsking(false);
    },
  });
  const resume = useMutation({ mutationFn: () => api.resumeExperiment(experiment.id), onSuccess: refresh });
  const error = cancel.error ?? resume.error;
  return (
    <>
      {error ? <Failed error={error} compact /> : null}
      {active && can("experiments.cancel") ? (
        <Button
          variant="default"
          onClick={() => {
            setAsking(true);
          }}
        >
          {t("experiments.cancel")}
        </Button>
      ) : null}
      {stopped && can("experiments.resume") ? (
        <Button
          loading={resume.isPending}
          onClick={() => {
            resume.mutate();
          }}
        >
          {t("experiments.resume")}
        </Button>
      ) : null}
      {can("experiments.create") && !experiment.external && !experiment.beside ? (
        <ButtonTo to="/experiments/new" search={{ beside: experiment.id }} variant="default">
          {experiment.protocol === "paper" ? t("experiments.alsoStrict") : t("experiments.alsoPaper")}
        </ButtonTo>
      ) : null}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} disabled={!ready}>
            {t("experiments.download")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(FILES) as FileKey[]).map((key) => (
            <Menu.Item key={key} component="a" href={`/api/v1/experiments/${experiment.id}/${FILES[key]}/`} download>
              {t(`experiments.files.${key}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asking}
        title={t("experiments.cancelTitle")}
        action={t("experiments.cancel")}
        busy={cancel.isPending}
        close={() => {
          setAsking(false);
        }}
        confirm={() => {
          cancel.mutate();
        }}
      >
        {t("experiments.cancelText")}
      </Confirm>
    </>
  );
}
