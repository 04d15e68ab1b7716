import { Group, Paper, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { spoken } from "~/i18n";
import { useJob } from "~/live/useJob";
import { isSettled } from "~/live/jobStream";
import { SimulatedBadge } from "~/ui/badges";
import { JobProgress } from "~/ui/JobProgress";
import { LinkTo } from "~/ui/links";

/** The demonstration hospital while it is being built, live; nothing once it stands. */
export function DemonstrationPanel() {
  const { t } = useTranslation();
  const { data } = useQuery(queries.demonstration());
  const followed = useJob(data?.job_id ?? null);
  if (!data?.job_id || !followed?.job) return null;
  if (isSettled(followed.job.state) && followed.job.state !== "failed") return null;
  return (
    <Paper component="section" aria-labelledby="demonstration-title" data-testid="demonstration">
      <Group justify="space-between" mb={6}>
        <Group gap="sm">
          <Title order={2} id="demonstration-title">
            {t("home.demonstration.title")}
          </Title>
          <SimulatedBadge />
        </Group>
        <LinkTo to="/jobs/$jobId" params={{ jobId: followed.job.id }} size="sm">
          {t("home.demonstration.log")}
        </LinkTo>
      </Group>
      <Text size="sm" c="dimmed" mb="xs">
        {t("home.demonstration.text")}
      </Text>
      <Group gap="lg" mb={4}>
        <Text size="sm" fw={600}>
          {spoken(followed.job.title)}
        </Text>
        <Text size="sm">{t("home.demonstration.patients", { imported: data.imported, patients: data.patients })}</Text>
      </Group>
      <JobProgress job={followed.job} connection={followed.connection} />
    </Paper>
  );
}
