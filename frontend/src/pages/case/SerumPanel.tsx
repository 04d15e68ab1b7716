import { Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ExamDetail } from "~/api/types";
import { lookUp } from "~/i18n";
import { NOTHING, useFormats } from "~/ui/formats";

const SCORES = [
  { key: "apri", name: "APRI" },
  { key: "fib4", name: "FIB-4" },
] as const;

/** APRI and FIB-4 with the values they come from; each with its unit, and why a score is missing. */
export function SerumPanel({ exam }: { exam: ExamDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const { serum } = exam;
  if (!serum) return null;
  const incomplete = !serum.refused.length && SCORES.some(({ key }) => serum[key] === null);
  return (
    <Paper component="section" aria-labelledby="serum-title" data-testid="serum-panel">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} id="serum-title">
            {t("serum.title")}
          </Title>
          <Text size="xs" c="dimmed">
            {format.date(serum.recorded_at)}
          </Text>
        </Group>
        <SimpleGrid cols={2} spacing="xs">
          {SCORES.map(({ key, name }) => (
            <Stack key={key} gap={0} data-testid={`serum-${key}`}>
              <Text size="xs" c="dimmed">
                {name}
              </Text>
              <Text fw={600}>{serum[key] === null ? NOTHING : format.decimal(serum[key], 2)}</Text>
            </Stack>
          ))}
        </SimpleGrid>
        {incomplete ? <Text size="sm">{t("serum.incomplete")}</Text> : null}
        {serum.refused.map((reason) => (
          <Text key={reason} size="sm" lang="en">
            {reason}
          </Text>
        ))}
        {serum.values.map((row) => (
          <Group key={row.name} justify="space-between" gap="xs">
            <Text size="sm" c="dimmed">
              {lookUp(`serum.name.${row.name}`) ?? row.name}
            </Text>
            <Text size="sm">
              {serum.bounded.includes(row.name) ? "≤ " : ""}
              {format.decimal(row.value, row.value % 1 ? 1 : 0)} {row.unit.replace("10^9", "10⁹")}
            </Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
