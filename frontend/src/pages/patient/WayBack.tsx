import { Button, Code, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { Failed } from "~/ui/states";

/** From the pseudonym to the hospital's number; kept nowhere in the browser. */
export function WayBack({ patient, sealed }: { patient: string; sealed: boolean }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const show = useMutation({ mutationFn: () => api.reidentify(patient, reason), gcTime: 0 });
  return (
    <Paper component="section" aria-labelledby="patient-way-back" data-testid="way-back">
      <Stack gap="xs">
        <Title order={2} id="patient-way-back">
          {t("patient.wayBack")}
        </Title>
        <Text size="sm" c="dimmed">
          {sealed ? t("patient.wayBackLead") : t("patient.noNumber")}
        </Text>
        {show.data ? (
          <Group gap="sm" role="status">
            {show.data.numbers.map((row) => (
              <Text key={row.pseudonym} size="sm">
                {row.pseudonym}: <Code>{row.number}</Code>
              </Text>
            ))}
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                show.reset();
                setReason("");
              }}
            >
              {t("patient.hide")}
            </Button>
          </Group>
        ) : (
          <Group gap="xs" align="flex-end">
            <TextInput
              size="xs"
              flex={1}
              label={t("patient.reason")}
              required
              maxLength={500}
              value={reason}
              onChange={(event) => {
                setReason(event.currentTarget.value);
              }}
            />
            <Button
              size="xs"
              variant="default"
              disabled={reason.trim().length < 3}
              loading={show.isPending}
              onClick={() => {
                show.mutate();
              }}
            >
              {t("patient.show")}
            </Button>
          </Group>
        )}
        {show.error ? <Failed error={show.error} compact /> : null}
      </Stack>
    </Paper>
  );
}
