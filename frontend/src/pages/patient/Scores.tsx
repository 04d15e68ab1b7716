import { Badge, Group, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { PatientDetail, SerumScore } from "~/api/types";
import { lookUp } from "~/i18n";
import { NOTHING, useFormats } from "~/ui/formats";

const NAMES = { apri: "APRI", fib4: "FIB-4" } as const;

/** APRI and FIB-4 of the current values: formula, number, cut-offs with their source, or why there is none. */
export function Scores({ patient }: { patient: PatientDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const { serum } = patient;
  return (
    <Paper component="section" aria-labelledby="patient-scores" data-testid="scores">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} id="patient-scores">
            {t("serum.title")}
          </Title>
          {serum ? (
            <Text size="xs" c="dimmed">
              {t("records.scores.of", { when: format.date(serum.recorded_at) })}
            </Text>
          ) : null}
        </Group>
        {serum ? (
          serum.scores.map((score) => <Score key={score.name} score={score} refused={serum.refused} limit={serum.ast_upper_limit} />)
        ) : (
          <Text size="sm" c="dimmed">
            {t("records.scores.none")}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function Score({ score, refused, limit }: { score: SerumScore; refused: string[]; limit: number }) {
  const { t } = useTranslation();
  const format = useFormats();
  const named = (names: string[]) => names.map((name) => lookUp(`patient.valueNames.${name}`) ?? name).join(", ");
  return (
    <Stack gap={4} data-testid={`score-${score.name}`} data-value={score.value ?? ""}>
      <Group gap="sm" align="baseline">
        <Text fw={600}>{NAMES[score.name]}</Text>
        <Text fw={700} size="lg">
          {score.value === null ? NOTHING : format.decimal(score.value, 2)}
        </Text>
        <Text size="xs" c="dimmed">
          {t(`records.scores.formula.${score.name}`, { limit })}
        </Text>
      </Group>
      {score.value === null ? (
        <Text size="sm">
          {score.missing.length
            ? t("records.scores.missing", { names: named(score.missing) })
            : score.bounded.length
              ? t("records.scores.bounded", { names: named(score.bounded) })
              : t("records.scores.refused", { reason: refused.join("; ") })}
        </Text>
      ) : null}
      <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing={6}>
        <Table.Tbody>
          {score.readings.map((one) => (
            <Table.Tr key={one.about}>
              <Table.Td>
                <Text size="sm">{t(`records.scores.about.${one.about}`)}</Text>
              </Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed">
                  {t("records.scores.cut", { low: format.decimal(one.low, 2), high: format.decimal(one.high, 2) })}
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                {one.says ? (
                  <Badge variant="default" tt="none">
                    {t(`records.scores.says.${one.says}`)}
                  </Badge>
                ) : null}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed">
        {t(`records.scores.source.${score.name}`)}
      </Text>
    </Stack>
  );
}
