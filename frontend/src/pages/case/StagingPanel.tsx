import { Button, Group, Paper, Stack, Table, Text, Title, UnstyledButton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { ExamDetail, Staging } from "~/api/types";
import { isSettled } from "~/live/jobStream";
import { useJob } from "~/live/useJob";
import { StageBadge, StateBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { JobProgress } from "~/ui/JobProgress";
import { Failed, FailureAlert } from "~/ui/states";
import { StagingResultView } from "./StagingResultView";

/** Ask the champion model, watch it work, read its answer, look back at earlier ones. */
export function StagingPanel({ exam }: { exam: ExamDetail }) {
  const { t } = useTranslation();
  const can = useCan();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<string | null>(null);
  const stage = useMutation({
    mutationFn: () => api.startStaging({ exam: exam.id }),
    onSuccess: async () => {
      setChosen(null);
      await client.invalidateQueries({ queryKey: ["exams"] });
    },
  });
  const stagings = exam.stagings;
  const underWay = stagings.find((one) => !isSettled(one.state));
  const shown =
    stagings.find((one) => one.id === chosen) ?? stagings.find((one) => one.state === "succeeded") ?? stagings[0];

  return (
    <Paper component="section" aria-labelledby="staging-title" data-testid="staging-panel">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} id="staging-title">
            {t("staging.title")}
          </Title>
          {can("stagings.create") ? (
            <Button
              size="sm"
              loading={stage.isPending || underWay !== undefined}
              disabled={!exam.bands.length}
              onClick={() => {
                stage.mutate();
              }}
            >
              {stagings.length ? t("staging.again") : t("case.stage")}
            </Button>
          ) : null}
        </Group>
        {stage.error ? <Failed error={stage.error} compact /> : null}
        {underWay ? <UnderWay staging={underWay} /> : null}
        {shown ? (
          <Shown staging={shown} />
        ) : underWay ? null : (
          <Text size="sm" c="dimmed">
            {exam.pair_id ? t("staging.none") : t("staging.noPair")}
          </Text>
        )}
        {stagings.length > 1 ? <History stagings={stagings} shown={shown?.id} choose={setChosen} /> : null}
      </Stack>
    </Paper>
  );
}

function UnderWay({ staging }: { staging: Staging }) {
  const client = useQueryClient();
  const followed = useJob(staging.job);
  const settled = isSettled(followed?.job?.state);
  useEffect(() => {
    if (settled) void client.invalidateQueries({ queryKey: ["exams"] });
  }, [settled, client]);
  if (!followed?.job) return null;
  return <JobProgress job={followed.job} quiet />;
}

function Shown({ staging }: { staging: Staging }) {
  // A list may leave the result out; the staging itself always has it.
  const missing = staging.state === "succeeded" && !staging.result;
  const full = useQuery({ ...queries.staging(staging.id), enabled: missing });
  const known = missing ? full.data : staging;
  if (full.error) return <Failed error={full.error} compact />;
  if (known?.result) return <StagingResultView staging={known} result={known.result} />;
  if (staging.state === "failed" && staging.failure) return <FailureAlert failure={staging.failure} compact />;
  return null;
}

interface HistoryProps {
  stagings: Staging[];
  shown?: string;
  choose: (id: string) => void;
}

function History({ stagings, shown, choose }: HistoryProps) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <div>
      <Title order={3} mb={4}>
        {t("staging.history")}
      </Title>
      <Table verticalSpacing={3} data-testid="staging-history">
        <Table.Tbody>
          {stagings.map((one) => (
            <Table.Tr key={one.id} bg={one.id === shown ? "var(--mantine-color-default-hover)" : undefined}>
              <Table.Td>
                <UnstyledButton
                  onClick={() => {
                    choose(one.id);
                  }}
                  aria-pressed={one.id === shown}
                >
                  <Text size="sm" td="underline">
                    {format.moment(one.created_at)}
                  </Text>
                </UnstyledButton>
              </Table.Td>
              <Table.Td ta="right">
                {one.result ? <StageBadge stage={one.result.stage} /> : <StateBadge state={one.state} />}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
