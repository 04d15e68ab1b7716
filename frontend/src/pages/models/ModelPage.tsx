import { Button, Code, Grid, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { ModelDetail } from "~/api/types";
import { Parameters } from "~/pages/runs/Parameters";
import { useSpecTitles } from "~/forms/useSpecTitles";
import { lookUp } from "~/i18n";
import { SimulatedBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { ButtonTo } from "~/ui/links";
import { MetricTable } from "~/ui/MetricTable";
import { Page } from "~/ui/Page";
import { Failed, Loading } from "~/ui/states";
import { Withheld } from "~/ui/Withheld";
import { Card } from "./Card";
import { InUse } from "./InUse";
import { AliasBadge } from "./ModelsPage";
import { Promote } from "./Promote";

const route = getRouteApi("/shell/models/$modelId");

export function ModelPage() {
  const { t } = useTranslation();
  const { modelId } = route.useParams();
  const model = useQuery(queries.model(modelId));
  if (model.data) return <Detail model={model.data} />;
  return (
    <Page title={t("models.title")}>
      {model.error ? <Failed error={model.error} retry={() => void model.refetch()} /> : <Loading />}
    </Page>
  );
}

function Detail({ model }: { model: ModelDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const can = useCan();
  const specTitles = useSpecTitles();
  return (
    <Page
      title={model.name}
      beside={
        <>
          {model.aliases.map((alias) => (
            <AliasBadge key={alias} alias={alias} />
          ))}
          {model.simulated ? <SimulatedBadge /> : null}
        </>
      }
      lead={
        <>
          {model.dataset} · {lookUp(`spec.architecture.options.${model.architecture}`) ?? model.architecture} ·{" "}
          {format.moment(model.created_at)} ·{" "}
          {model.imported_by
            ? `${t("exchange.importedBy", { name: model.imported_by, dataset: model.dataset })} · `
            : null}
          <Code>{model.sha256.slice(0, 16)}</Code>
        </>
      }
      actions={
        <>
          {can("models.export") ? (
            <Button variant="default" component="a" href={`/api/v1/models/${model.id}/export/`} download>
              {t("exchange.export")}
            </Button>
          ) : null}
          {can("runs.retrieve") && model.run ? (
            <ButtonTo variant="default" to="/runs/$runId" params={{ runId: model.run }}>
              {t("models.run")}
            </ButtonTo>
          ) : null}
          <Promote model={model} />
        </>
      }
    >
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 6, xl: 7 }}>
          <Stack gap="md">
            <Paper component="section" data-testid="model-card">
              <Title order={2} mb="xs">
                {t("models.card")}
              </Title>
              {model.withheld ? <Withheld /> : <Card text={model.card} />}
            </Paper>
            <Paper component="section">
              <Title order={2} mb="xs">
                {t("runs.parameters")}
              </Title>
              {model.spec ? (
                <Parameters title={t("runs.parameters")} values={model.spec} nameOf={specTitles} />
              ) : (
                <Text size="sm">{t("exchange.inCard")}</Text>
              )}
            </Paper>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6, xl: 5 }}>
          <Stack gap="md">
            <Paper component="section">
              <Title order={2} mb="xs">
                {t("metrics.title")}
              </Title>
              {model.withheld ? <Withheld /> : <MetricTable patient={model.metrics} />}
            </Paper>
            <Paper component="section">
              <Title order={2} mb="xs">
                {t("models.history")}
              </Title>
              <History model={model} />
            </Paper>
          </Stack>
        </Grid.Col>
        {can("model-use.retrieve") ? (
          <Grid.Col span={12}>
            <InUse modelId={model.id} />
          </Grid.Col>
        ) : null}
      </Grid>
    </Page>
  );
}

function History({ model }: { model: ModelDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  if (!model.alias_history.length) {
    return (
      <Text size="sm" c="dimmed">
        {t("models.noHistory")}
      </Text>
    );
  }
  return (
    <Table verticalSpacing={4}>
      <Table.Tbody>
        {model.alias_history.map((period) => (
          <Table.Tr key={`${period.name} ${period.set_at}`}>
            <Table.Td>
              <Group gap={6}>
                <AliasBadge alias={period.name} />
                {period.rollback ? <Text size="xs">{t("models.byRollback")}</Text> : null}
              </Group>
            </Table.Td>
            <Table.Td>
              <Text size="sm">
                {format.moment(period.set_at)} – {period.ended_at ? format.moment(period.ended_at) : t("models.now")}
              </Text>
              <Text size="xs" c="dimmed">
                {period.set_by}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
