import { Alert, Grid, Paper, Stack, Switch, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { CohortStep } from "~/api/types";
import { Flow } from "~/pages/datasets/Flow";
import { StageTable } from "~/pages/datasets/StageTable";
import { SimulatedBadge } from "~/ui/badges";
import { Page } from "~/ui/Page";
import { Failed, Loading } from "~/ui/states";
import { SavedViews } from "~/views/SavedViews";
import { StepList } from "./StepList";
import { TableImport } from "./TableImport";

const route = getRouteApi("/shell/cohort");

export function CohortPage() {
  const { t } = useTranslation();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const preview = useQuery(queries.preview({}));
  return (
    <Page
      title={t("cohort.title")}
      lead={t("cohort.lead")}
      beside={preview.data?.simulated ? <SimulatedBadge /> : null}
      actions={<SavedViews page="cohort" />}
    >
      <Grid>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack>
            <Paper component="section" aria-labelledby="cohort-flow">
              <Title order={2} id="cohort-flow" mb="xs">
                {t("cohort.flow")}
              </Title>
              {preview.isPending ? <Loading rows={4} /> : null}
              {preview.error ? <Failed error={preview.error} retry={() => void preview.refetch()} /> : null}
              {preview.data?.hidden ? (
                <Text size="sm" role="note">
                  {t("blinded.counts", { count: preview.data.hidden })}
                </Text>
              ) : null}
              {preview.data ? (
                <Flow
                  steps={preview.data.flow ?? []}
                  byStage={preview.data.by_stage}
                  addressOf={(step) => `/cohort?step=${step}`}
                  open={(step) => {
                    void navigate({ search: { step: step as CohortStep } });
                  }}
                />
              ) : null}
            </Paper>
            {search.step ? (
              <StepList
                step={search.step}
                close={() => {
                  void navigate({ search: {} });
                }}
              />
            ) : null}
            {preview.data ? (
              <Paper component="section" aria-labelledby="cohort-stages">
                <Title order={2} id="cohort-stages" mb="xs">
                  {t("cohort.byStage")}
                </Title>
                <StageTable
                  caption={t("records.flow.included")}
                  first={t("common.site")}
                  rows={Object.entries(preview.data.by_site ?? {}).map(([name, counts]) => ({ name, counts }))}
                />
              </Paper>
            ) : null}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack>
            <Criteria />
          </Stack>
        </Grid.Col>
      </Grid>
      {can("patients.stage_table") ? <TableImport /> : null}
    </Page>
  );
}

/** What the study asks of a patient: a switch for each criterion of the paper. */
function Criteria() {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const criteria = useQuery(queries.criteria());
  const change = useMutation({
    mutationFn: api.useCriterion,
    onSuccess: () => {
      for (const key of ["criteria", "datasets", "patients"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  return (
    <Paper component="section" aria-labelledby="cohort-criteria">
      <Stack gap="xs">
        <Title order={2} id="cohort-criteria">
          {t("cohort.criteria")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("cohort.criteriaLead")}
        </Text>
        {criteria.isPending ? <Loading rows={4} /> : null}
        {criteria.error ? <Failed error={criteria.error} compact /> : null}
        {(["inclusion", "exclusion"] as const).map((kind) => (
          <Stack key={kind} gap={6}>
            <Text size="sm" fw={600}>
              {t(`cohort.kind.${kind}`)}
            </Text>
            {(criteria.data ?? [])
              .filter((row) => row.kind === kind)
              .map((row) => (
                <Switch
                  key={row.criterion}
                  size="sm"
                  label={t(`cohort.criterion.${row.criterion}`)}
                  checked={row.used}
                  disabled={!can("criteria.create") || change.isPending}
                  onChange={(event) => {
                    change.mutate({ criterion: row.criterion, used: event.currentTarget.checked });
                  }}
                />
              ))}
          </Stack>
        ))}
        {change.error ? (
          <Alert color="red" p={0}>
            <Failed error={change.error} compact />
          </Alert>
        ) : null}
      </Stack>
    </Paper>
  );
}
