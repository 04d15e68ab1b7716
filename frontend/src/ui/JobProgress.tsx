import { Box, Group, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Job } from "~/api/types";
import { spoken } from "~/i18n";
import type { Connection } from "~/live/jobStream";
import { StateBadge } from "./badges";
import { useFormats } from "./formats";
import { FailureAlert } from "./states";

/** Where a job stands: state, place in the queue, share done, what it says. */
export function JobProgress({ job, connection, quiet }: { job: Job; connection?: Connection; quiet?: boolean }) {
  const { t } = useTranslation();
  const format = useFormats();
  const active = job.state === "queued" || job.state === "running";
  const percent = job.state === "succeeded" ? 100 : Math.round(job.progress * 1000) / 10;
  return (
    <Stack gap={6} data-testid="job-progress">
      <Group gap="sm" wrap="wrap">
        <StateBadge state={job.state} />
        {job.state === "queued" && job.queue_position !== null ? (
          <Text size="sm">{t("job.position", { position: job.queue_position })}</Text>
        ) : null}
        {job.cancel_requested && active ? <Text size="sm">{t("job.cancelling")}</Text> : null}
        {job.attempt > 1 ? (
          <Text size="sm" c="dimmed">
            {t("job.attempt", { attempt: job.attempt, of: job.max_attempts })}
          </Text>
        ) : null}
        {connection && active ? (
          <Text size="xs" c="dimmed" ml="auto" role="status">
            {t(`job.connection.${connection}`)}
          </Text>
        ) : null}
      </Group>
      {job.state !== "queued" || job.progress > 0 ? (
        <Group gap="sm" wrap="nowrap">
          <Box flex={1}>
            <Progress.Root size="md">
              <Progress.Section
                value={percent}
                aria-label={t("job.progressOf", { title: spoken(job.title) })}
                animated={job.state === "running"}
                color={job.state === "failed" ? "red" : undefined}
              />
            </Progress.Root>
          </Box>
          <Text size="sm" w={64} ta="right">
            {format.percent(percent / 100)}
          </Text>
        </Group>
      ) : null}
      {!quiet && job.message ? (
        <Text size="sm" c="dimmed">
          {spoken(job.message)}
        </Text>
      ) : null}
      {job.failure && job.state === "failed" ? <FailureAlert failure={job.failure} compact /> : null}
    </Stack>
  );
}
