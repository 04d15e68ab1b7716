import { Button, Group, Paper, Select, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import { type ExamDetail, STAGES, type StageLabel, type StageSource } from "~/api/types";
import { lookUp } from "~/i18n";
import { StageBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { Failed } from "~/ui/states";

const SOURCES = ["biopsy", "surgery", "imaging", "serology"] as const;

/** The stage that counts as the truth, with where it comes from; a correction keeps what was said before. */
export function PathologyPanel({ exam }: { exam: ExamDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const can = useCan();
  const client = useQueryClient();
  const patient = useQuery(queries.patient(exam.patient.id));
  const [stage, setStage] = useState<StageLabel | null>(null);
  const [source, setSource] = useState<StageSource>("biopsy");
  const record = useMutation({
    mutationFn: (wanted: StageLabel) => api.recordStage(exam.patient.id, { stage: STAGES.indexOf(wanted), source }),
    onSuccess: () => {
      setStage(null);
      void client.invalidateQueries({ queryKey: ["exams"] });
      void client.invalidateQueries({ queryKey: ["patients"] });
    },
  });
  const history = patient.data?.stage_history ?? [];

  return (
    <Paper component="section" aria-labelledby="pathology-title" data-testid="pathology-panel">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} id="pathology-title">
            {t("pathology.title")}
          </Title>
          <StageBadge stage={exam.pathology_stage} strong />
        </Group>
        {exam.pathology_stage === null ? (
          <Text size="sm" c="dimmed">
            {t("pathology.none")}
          </Text>
        ) : null}
        {history.map((row) => (
          <Group key={row.id} justify="space-between" gap="xs">
            <Text size="sm" td={row.superseded_at ? "line-through" : undefined}>
              S{row.stage} · {lookUp(`pathology.source.${row.source}`) ?? row.source}
            </Text>
            <Text size="xs" c="dimmed">
              {format.date(row.recorded_at)}
            </Text>
          </Group>
        ))}
        {can("patients.stage") ? (
          <Group gap="xs" align="flex-end">
            <Select
              label={t("pathology.stage")}
              size="xs"
              w={80}
              data={[...STAGES]}
              value={stage}
              onChange={(value) => {
                setStage(value as StageLabel | null);
              }}
            />
            <Select
              label={t("pathology.sourceLabel")}
              size="xs"
              flex={1}
              allowDeselect={false}
              data={SOURCES.map((value) => ({ value, label: t(`pathology.source.${value}`) }))}
              value={source}
              onChange={(value) => {
                setSource((value ?? "biopsy") as StageSource);
              }}
            />
            <Button
              size="xs"
              variant="default"
              disabled={!stage}
              loading={record.isPending}
              onClick={() => {
                if (stage) record.mutate(stage);
              }}
            >
              {t("pathology.record")}
            </Button>
          </Group>
        ) : null}
        {record.error ? <Failed error={record.error} compact /> : null}
      </Stack>
    </Paper>
  );
}
