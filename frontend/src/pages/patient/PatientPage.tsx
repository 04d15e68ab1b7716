import { Alert, Grid, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/problem";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { PatientDetail } from "~/api/types";
import { lookUp } from "~/i18n";
import { SimulatedBadge, StageBadge } from "~/ui/badges";
import { NOTHING, useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { Eligibility } from "./Eligibility";
import { Merging } from "./Merging";
import { Scores } from "./Scores";
import { Timeline } from "./Timeline";
import { Values } from "./Values";
import { WayBack } from "./WayBack";

const route = getRouteApi("/shell/patients/$patientId");

export function PatientPage() {
  const { t } = useTranslation();
  const can = useCan();
  const { patientId } = route.useParams();
  const patient = useQuery(queries.patient(patientId));
  const curation = useQuery(queries.curation(patientId));
  if (patient.isPending || curation.isPending) {
    return (
      <Page title={t("patient.title")}>
        <Loading rows={4} height={120} />
      </Page>
    );
  }
  if (patient.error || curation.error) {
    const error = patient.error ?? curation.error;
    const gone = error instanceof ApiProblem && error.status === 404;
    return (
      <Page title={t("patient.title")}>
        {gone ? (
          <Empty title={t("patient.gone.title")}>{t("patient.gone.text")}</Empty>
        ) : (
          <Failed error={error} retry={() => void patient.refetch().then(() => curation.refetch())} />
        )}
      </Page>
    );
  }
  const { merged_into: survivor } = curation.data;
  return (
    <Page
      key={patientId}
      title={patient.data.pseudonym}
      beside={
        <>
          <Text size="sm" c="dimmed">
            {patient.data.site.name || patient.data.site.code}
          </Text>
          {patient.data.simulated ? <SimulatedBadge /> : null}
        </>
      }
    >
      {survivor ? (
        <Alert color="orange">
          {t("patient.mergedInto")}{" "}
          <LinkTo to="/patients/$patientId" params={{ patientId: survivor }}>
            {t("patient.openSurvivor")}
          </LinkTo>
        </Alert>
      ) : null}
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack>
            <Timeline patient={patient.data} />
            <Labels patient={patient.data} />
            <Scores patient={patient.data} />
            <Values patient={patient.data} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack>
            <Eligibility patient={patientId} curation={curation.data} />
            {can("patients.merge") ? <Merging patient={patientId} curation={curation.data} /> : null}
            {can("patients.reidentify") ? <WayBack patient={patientId} sealed={curation.data.number_sealed} /> : null}
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

/** Every stage that was ever recorded: what it rests on, who said so and until when it held. */
function Labels({ patient }: { patient: PatientDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Paper component="section" aria-labelledby="patient-labels">
      <Title order={2} id="patient-labels" mb="xs">
        {t("patient.labels")}
      </Title>
      {patient.stage_history.length ? null : (
        <Text size="sm" c="dimmed">
          {t("pathology.none")}
        </Text>
      )}
      <Stack gap={6}>
        {patient.stage_history.map((row) => (
          <Group key={row.id} gap="sm">
            <StageBadge stage={row.stage} />
            <Text size="sm">{lookUp(`pathology.source.${row.source}`) ?? row.source}</Text>
            <Text size="sm" c="dimmed">
              {t("patient.recorded", { who: row.recorded_by ?? NOTHING, when: format.moment(row.recorded_at) })}
            </Text>
            <Text size="sm">
              {row.superseded_at ? t("patient.until", { when: format.moment(row.superseded_at) }) : t("patient.current")}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
