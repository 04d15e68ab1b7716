import { Group, Paper, Progress, Stack, Text, Title } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readingQueries } from "~/pages/reading/api";
import { ButtonTo } from "~/ui/links";
import { Failed, Loading } from "~/ui/states";

const KINDS = ["quality", "stage"] as const;

/** How far this reader is with what was given out, and the way to the next exam. */
export function ToRead() {
  const { t } = useTranslation();
  const queues = useQueries({ queries: KINDS.map((kind) => readingQueries.queue(kind, "assigned")) });
  const rows = KINDS.map((kind, place) => {
    const { open = 0, done = 0 } = queues[place]?.data ?? {};
    return { kind, open, done, total: open + done };
  }).filter((row) => row.total);
  const failed = queues.find((queue) => queue.error);
  return (
    <Paper component="section" h="100%" data-testid="home-to-read">
      <Title order={2} mb="sm">
        {t("home.toRead.title")}
      </Title>
      {queues.some((queue) => queue.isPending) ? <Loading rows={2} height={36} /> : null}
      {failed ? <Failed error={failed.error} compact retry={() => void failed.refetch()} /> : null}
      {queues.every((queue) => queue.data) && !rows.length ? (
        <Text size="sm" c="dimmed">
          {t("home.toRead.none")}
        </Text>
      ) : null}
      <Stack gap="sm">
        {rows.map(({ kind, open, done, total }) => (
          <Group key={kind} wrap="nowrap" align="flex-end">
            <Stack gap={4} flex={1}>
              <Group justify="space-between">
                <Text size="sm">{t(`reading.kind.${kind}`)}</Text>
                <Text size="sm" c="dimmed">
                  {t("reading.done", { done, total })}
                </Text>
              </Group>
              <Progress
                value={(done / total) * 100}
                aria-label={t("home.toRead.share", { kind: t(`reading.kind.${kind}`) })}
              />
            </Stack>
            {open ? (
              <ButtonTo size="compact-sm" to="/reading/read" search={{ kind, order: "assigned" }}>
                {t("home.toRead.read")}
              </ButtonTo>
            ) : null}
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
