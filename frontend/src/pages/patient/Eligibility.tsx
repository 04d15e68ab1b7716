import { Alert, Button, Group, Paper, SegmentedControl, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { useCan } from "~/api/session";
import type { CriterionRow, Curation } from "~/api/types";
import { useFormats } from "~/ui/formats";
import { isReason } from "~/ui/Reasoned";
import { Failed } from "~/ui/states";

const ANSWERS = ["yes", "no", "unknown"] as const;
type Answer = (typeof ANSWERS)[number];

/** The check-list of the paper's criteria; what would keep a patient out needs a reason. */
export function Eligibility({ patient, curation }: { patient: string; curation: Curation }) {
  const { t } = useTranslation();
  const excluded = curation.criteria.find((row) => row.criterion === curation.excluded_by);
  return (
    <Paper component="section" aria-labelledby="patient-eligibility" data-testid="eligibility">
      <Stack gap="sm">
        <Title order={2} id="patient-eligibility">
          {t("patient.eligibility")}
        </Title>
        <Alert color={excluded ? "orange" : "gray"} p="xs">
          {excluded
            ? t("patient.excludedBy", { criterion: t(`cohort.criterion.${excluded.criterion}`) })
            : t("patient.eligible")}
        </Alert>
        {curation.criteria.map((row) => (
          <Row key={`${row.criterion} ${row.answer ?? ""} ${row.reason}`} patient={patient} row={row} />
        ))}
      </Stack>
    </Paper>
  );
}

function Row({ patient, row }: { patient: string; row: CriterionRow }) {
  const { t } = useTranslation();
  const format = useFormats();
  const can = useCan();
  const client = useQueryClient();
  const [answer, setAnswer] = useState<Answer | "">(row.answer ?? "");
  const [reason, setReason] = useState(row.reason);
  const save = useMutation({
    mutationFn: (chosen: Answer) => api.answerCriterion(patient, { criterion: row.criterion, answer: chosen, reason }),
    onSuccess: () => {
      for (const key of ["patients", "datasets"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const excludes = answer === (row.kind === "inclusion" ? "no" : "yes");
  const label = t(`cohort.criterion.${row.criterion}`);
  const changed = answer !== (row.answer ?? "") || reason !== row.reason;
  return (
    <Stack gap={4} data-criterion={row.criterion}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" flex={1} miw={200}>
          {label}
          {row.used ? null : (
            <Text span size="xs" c="dimmed">
              {` (${t("patient.notUsed")})`}
            </Text>
          )}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label={label}
          value={answer}
          disabled={!can("patients.eligibility")}
          onChange={(value) => {
            setAnswer(value as Answer);
          }}
          data={ANSWERS.map((value) => ({ value, label: t(`patient.answer.${value}`) }))}
        />
      </Group>
      {row.recorded_at ? (
        <Text size="xs" c="dimmed">
          {t("patient.recorded", { who: row.recorded_by ?? "", when: format.moment(row.recorded_at) })}
          {row.reason ? `: ${row.reason}` : ""}
        </Text>
      ) : null}
      {changed && answer ? (
        <Group gap="xs" align="flex-end">
          <TextInput
            size="xs"
            flex={1}
            label={t("patient.reason")}
            required={excludes}
            maxLength={300}
            value={reason}
            onChange={(event) => {
              setReason(event.currentTarget.value);
            }}
          />
          <Button
            size="xs"
            loading={save.isPending}
            disabled={excludes && !isReason(reason)}
            onClick={() => {
              save.mutate(answer);
            }}
          >
            {t("patient.save")}
          </Button>
        </Group>
      ) : null}
      {save.error ? <Failed error={save.error} compact /> : null}
    </Stack>
  );
}
