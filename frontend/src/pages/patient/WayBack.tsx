import { Button, Code, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { Reasoned } from "~/ui/Reasoned";
import { Failed } from "~/ui/states";

/** From the pseudonym to the hospital's number; kept nowhere in the browser. */
export function WayBack({ patient, sealed }: { patient: string; sealed: boolean }) {
  const { t } = useTranslation();
  const show = useMutation({ mutationFn: (reason: string) => api.reidentify(patient, reason), gcTime: 0 });
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
              }}
            >
              {t("patient.hide")}
            </Button>
          </Group>
        ) : (
          <Reasoned
            label={t("patient.reason")}
            action={t("patient.show")}
            busy={show.isPending}
            take={(reason) => {
              show.mutate(reason);
            }}
          />
        )}
        {show.error ? <Failed error={show.error} compact /> : null}
      </Stack>
    </Paper>
  );
}
