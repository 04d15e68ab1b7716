import { Alert, Button, Group, Paper, Slider, Stack, Text, Title } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { Attention } from "~/api/types";
import { isSettled } from "~/live/jobStream";
import { useJob } from "~/live/useJob";
import { useFormats } from "~/ui/formats";
import { JobProgress } from "~/ui/JobProgress";
import { Failed } from "~/ui/states";

interface AttentionPanelProps {
  staging: string;
  opacity: number;
  setOpacity: (opacity: number) => void;
}

/** Where the network looked: computed when asked for, and never shown without saying what it is not. */
export function AttentionPanel({ staging, opacity, setOpacity }: AttentionPanelProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const can = useCan();
  const client = useQueryClient();
  const attention = useQuery(queries.attention(staging));
  const ask = useMutation({
    mutationFn: () => api.askAttention(staging),
    onSuccess: (asked) => {
      client.setQueryData(queries.attention(staging).queryKey, asked);
    },
  });
  const found = attention.data;
  const there = Boolean(found?.maps.length);
  const underWay = found?.state === "queued" || found?.state === "running";
  const wanted = found?.state === "absent" || found?.state === "failed" || found?.state === "cancelled";
  return (
    <Paper component="section" aria-labelledby="attention-title" data-testid="attention-panel">
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} id="attention-title">
            {t("attention.title")}
          </Title>
          {wanted && can("stagings.ask_attention") ? (
            <Button
              size="compact-sm"
              variant="default"
              loading={ask.isPending}
              onClick={() => {
                ask.mutate();
              }}
            >
              {t("attention.show")}
            </Button>
          ) : null}
        </Group>
        {attention.error ? <Failed error={attention.error} compact retry={() => void attention.refetch()} /> : null}
        {ask.error ? <Failed error={ask.error} compact /> : null}
        {found?.job && (underWay || found.state === "failed") ? <UnderWay staging={staging} attention={found} /> : null}
        {there ? (
          <>
            <Text size="sm">{t("attention.of", { stage: found?.stage })}</Text>
            <Slider
              min={0}
              max={1}
              step={0.05}
              value={opacity}
              onChange={setOpacity}
              label={(value) => format.percent(value)}
              thumbLabel={t("attention.opacity")}
            />
            <Alert color="yellow" p="xs" icon={<IconInfoCircle size={16} aria-hidden />} data-testid="attention-caveat">
              <Text size="sm">{t("attention.caveat")}</Text>
            </Alert>
          </>
        ) : null}
      </Stack>
    </Paper>
  );
}

function UnderWay({ staging, attention }: { staging: string; attention: Attention }) {
  const client = useQueryClient();
  const followed = useJob(attention.job ?? "");
  const settled = isSettled(followed?.job?.state);
  useEffect(() => {
    if (settled) void client.invalidateQueries({ queryKey: queries.attention(staging).queryKey });
  }, [settled, client, staging]);
  return followed?.job ? <JobProgress job={followed.job} quiet /> : null;
}
