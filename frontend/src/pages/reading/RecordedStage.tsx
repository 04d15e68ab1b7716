import { Button, Checkbox, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { STAGES } from "~/api/types";
import { lookUp } from "~/i18n";
import { StageBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { Failed } from "~/ui/states";
import { type Compared, readingApi } from "./api";
import { consensusOf, isRecorded, standingOf, takesHardEvidence } from "./consensus";

type Recorded = Compared["recorded"][number];

/** What is recorded as the exam's stage, since when and by whom, and the step that makes it the consensus. */
export function RecordedStage({ row, may }: { row: Compared; may: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [replace, setReplace] = useState(false);
  const [open, setOpen] = useState(false);
  const consensus = consensusOf(row);
  const standing = standingOf(row);
  const hard = takesHardEvidence(row);
  const record = useMutation({
    mutationFn: () => readingApi.recordConsensus(row.exam.id, replace),
    onSuccess: () => {
      for (const key of ["reads", "exams", "patients"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const earlier = row.recorded.filter((one) => one !== standing);
  return (
    <Stack gap={4} mt={4} data-testid="recorded-stage" data-recorded={isRecorded(row)}>
      {standing ? (
        <Line row={standing} />
      ) : (
        <Text size="xs" c="dimmed">
          {t("reading.record.nothing")}
        </Text>
      )}
      {earlier.length ? (
        <UnstyledButton
          aria-expanded={open}
          onClick={() => {
            setOpen(!open);
          }}
        >
          <Text size="xs" td="underline">
            {t("reading.record.earlier", { count: earlier.length })}
          </Text>
        </UnstyledButton>
      ) : null}
      {open ? earlier.map((one) => <Line key={one.id} row={one} />) : null}
      {may && consensus !== null ? (
        isRecorded(row) ? (
          <Text size="xs" role="status">
            {t("reading.record.done")}
          </Text>
        ) : (
          <Group gap={6}>
            <Button
              size="compact-xs"
              variant="default"
              loading={record.isPending}
              disabled={hard && !replace}
              onClick={() => {
                record.mutate();
              }}
            >
              {t("reading.record.action", { stage: STAGES[consensus] })}
            </Button>
            {hard ? (
              <Checkbox
                size="xs"
                label={t("reading.record.replace")}
                checked={replace}
                onChange={(event) => {
                  setReplace(event.currentTarget.checked);
                }}
              />
            ) : null}
          </Group>
        )
      ) : null}
      {record.error ? <Failed error={record.error} compact /> : null}
    </Stack>
  );
}

function Line({ row }: { row: Recorded }) {
  const { t } = useTranslation();
  const format = useFormats();
  const source = lookUp(`pathology.source.${row.source}`) ?? row.source;
  return (
    <Group gap={6} wrap="nowrap">
      <StageBadge stage={row.stage} />
      <Text size="xs" td={row.superseded_at ? "line-through" : undefined}>
        {[source, row.exam ? t("reading.record.ofExam") : t("reading.record.ofPatient"), row.recorded_by, format.date(row.recorded_at)]
          .filter(Boolean)
          .join(" · ")}
      </Text>
    </Group>
  );
}
