import { Button, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import type { Curation } from "~/api/types";
import { useFormats } from "~/ui/formats";
import { isReason, Reasoned } from "~/ui/Reasoned";
import { Failed } from "~/ui/states";

/** Another row of the same person joins this one, and can leave again. */
export function Merging({ patient, curation }: { patient: string; curation: Curation }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [other, setOther] = useState("");
  const [reason, setReason] = useState("");
  const done = {
    onSuccess: () => {
      setOther("");
      setReason("");
      for (const key of ["patients", "exams", "datasets"]) void client.invalidateQueries({ queryKey: [key] });
    },
  };
  const merge = useMutation({ mutationFn: () => api.mergePatient(patient, { absorbed: other, reason }), ...done });
  const undo = useMutation({
    mutationFn: (wish: { merge: string; reason: string }) => api.unmergePatient(patient, wish),
    ...done,
  });
  const said = isReason(reason);
  const error = merge.error ?? undo.error;
  return (
    <Paper component="section" aria-labelledby="patient-merges" data-testid="merging">
      <Stack gap="xs">
        <Title order={2} id="patient-merges">
          {t("patient.merges")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("patient.mergeLead")}
        </Text>
        {curation.merges.map((row) => (
          <Merge key={row.id} row={row} undo={undo} />
        ))}
        <TextInput
          size="xs"
          label={t("patient.mergeWith")}
          value={other}
          onChange={(event) => {
            setOther(event.currentTarget.value);
          }}
        />
        <TextInput
          size="xs"
          label={t("patient.reason")}
          required
          maxLength={500}
          value={reason}
          onChange={(event) => {
            setReason(event.currentTarget.value);
          }}
        />
        <Group>
          <Button
            size="xs"
            disabled={!said || !other.trim()}
            loading={merge.isPending}
            onClick={() => {
              merge.mutate();
            }}
          >
            {t("patient.merge")}
          </Button>
        </Group>
        {error ? <Failed error={error} compact /> : null}
      </Stack>
    </Paper>
  );
}

/** A merge that stands, with its own reason to take it back; or one that was. */
function Merge({
  row,
  undo,
}: {
  row: Curation["merges"][number];
  undo: { isPending: boolean; mutate: (wish: { merge: string; reason: string }) => void };
}) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Stack gap={4} data-merge={row.absorbed} data-undone={Boolean(row.undone_at)}>
      <Text size="sm">
        {t("patient.merged", { name: row.absorbed, count: row.exams })}
        {` · ${format.moment(row.created_at)} · ${row.reason}`}
        {row.undone_at ? ` · ${t("patient.undone", { when: format.moment(row.undone_at) })}` : ""}
      </Text>
      {row.undone_at ? null : (
        <Reasoned
          label={t("records.merge.why")}
          action={t("patient.unmerge")}
          busy={undo.isPending}
          take={(reason) => {
            undo.mutate({ merge: row.id, reason });
          }}
        />
      )}
    </Stack>
  );
}
