import { Box, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { spoken } from "~/i18n";
import { StateBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Failed, Loading } from "~/ui/states";

export function RecentJobs() {
  const { t } = useTranslation();
  const format = useFormats();
  const jobs = useQuery(queries.jobs({ page_size: 5 }));
  return (
    <Paper component="section" h="100%">
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t("home.jobs.title")}</Title>
        <LinkTo to="/jobs" size="sm">
          {t("home.jobs.all")}
        </LinkTo>
      </Group>
      {jobs.isPending ? <Loading rows={4} height={22} /> : null}
      {jobs.error ? <Failed error={jobs.error} compact retry={() => void jobs.refetch()} /> : null}
      {jobs.data?.results.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("home.jobs.none")}
        </Text>
      ) : null}
      <Stack gap={6}>
        {jobs.data?.results.map((job) => (
          <Group key={job.id} justify="space-between" wrap="nowrap" gap="sm">
            <Box miw={0}>
              <LinkTo to="/jobs/$jobId" params={{ jobId: job.id }} size="sm">
                {spoken(job.title)}
              </LinkTo>
              <Text size="xs" c="dimmed">
                {format.moment(job.finished_at ?? job.started_at ?? job.created_at)}
              </Text>
            </Box>
            <StateBadge state={job.state} />
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
