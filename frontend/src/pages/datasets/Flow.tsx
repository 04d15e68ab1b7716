import { Box, Group, Paper, Stack, Text } from "@mantine/core";
import { IconArrowDown, IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { FlowStep } from "~/api/types";
import { lookUp } from "~/i18n";
import { useFormats } from "~/ui/formats";

/** A STARD flow: who was looked at, who was left out and why, who is in. */
export function Flow({ steps }: { steps: readonly FlowStep[] }) {
  const { t } = useTranslation();
  const assessed = steps.find((step) => step.step === "assessed");
  const included = steps.find((step) => step.step === "included");
  const excluded = steps.filter((step) => step.excluded && step.patients > 0);
  return (
    <Stack gap={4} align="stretch" aria-label={t("datasets.flow.title")} role="group" data-testid="flow">
      {assessed ? <BigBox step={assessed} /> : null}
      <Group gap="sm" align="center" wrap="nowrap" pl="md">
        <IconArrowDown size={20} aria-hidden />
        {excluded.length ? (
          <>
            <IconArrowRight size={18} aria-hidden />
            <Paper flex={1} p="xs">
              <Stack gap={6}>
                {excluded.map((step) => (
                  <Excluded key={step.step} step={step} />
                ))}
              </Stack>
            </Paper>
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {t("datasets.flow.nobodyExcluded")}
          </Text>
        )}
      </Group>
      {included ? <BigBox step={included} /> : null}
    </Stack>
  );
}

function nameOf(step: FlowStep): string {
  return lookUp(`datasets.flow.step.${step.step}`) ?? step.step;
}

function BigBox({ step }: { step: FlowStep }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Paper p="xs">
      <Text size="sm" fw={600}>
        {nameOf(step)}
      </Text>
      <Text size="sm">
        {t("datasets.flow.size", { patients: format.count(step.patients), images: format.count(step.images) })}
      </Text>
    </Paper>
  );
}

function Excluded({ step }: { step: FlowStep }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Box>
      <Text size="sm">
        <Text span fw={600} size="sm">
          {t("datasets.flow.excluded", { patients: format.count(step.patients) })}
        </Text>{" "}
        {nameOf(step)}
      </Text>
      <Text size="xs" c="dimmed">
        {lookUp(`server.remedies.${step.step}`) ?? step.remedy}
        {step.examples.length ? ` (${step.examples.slice(0, 5).join(", ")}${step.examples.length > 5 ? " …" : ""})` : ""}
      </Text>
    </Box>
  );
}
