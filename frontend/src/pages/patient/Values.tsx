import { Button, Group, NumberInput, Paper, ScrollArea, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { useCan } from "~/api/session";
import type { PatientDetail } from "~/api/types";
import { NOTHING, useFormats } from "~/ui/formats";
import { Failed } from "~/ui/states";

const NAMES = ["age_years", "alt", "ast", "platelets", "ggt", "albumin", "hbv_dna"] as const;
type Typed = Partial<Record<(typeof NAMES)[number], number>>;

/** Values that were taken together, newest first, and the way to record others. */
export function Values({ patient }: { patient: PatientDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const can = useCan();
  const client = useQueryClient();
  const [typed, setTyped] = useState<Typed>({});
  const record = useMutation({
    mutationFn: () => api.recordValues(patient.id, { sex: "", ...typed }),
    onSuccess: () => {
      setTyped({});
      for (const key of ["patients", "exams"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const rows = patient.clinical_history;
  return (
    <Paper component="section" aria-labelledby="patient-values" data-testid="values">
      <Stack gap="xs">
        <Title order={2} id="patient-values">
          {t("patient.values")}
        </Title>
        {rows.length ? (
          <ScrollArea>
            <Table verticalSpacing={3} miw={520}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("upload.when")}</Table.Th>
                  {NAMES.map((name) => (
                    <Table.Th key={name} ta="right">
                      {t(`patient.valueNames.${name}`)}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Table.Tr key={row.id} style={{ opacity: row.superseded_at ? 0.75 : 1 }}>
                    <Table.Td style={{ whiteSpace: "nowrap" }}>
                      {format.date(row.recorded_at)}
                      {row.superseded_at ? null : (
                        <Text size="xs" c="dimmed">
                          {t("patient.current")}
                        </Text>
                      )}
                    </Table.Td>
                    {NAMES.map((name) => (
                      <Table.Td key={name} ta="right">
                        {row[name] ?? NOTHING}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        ) : (
          <Text size="sm" c="dimmed">
            {t("patient.noValues")}
          </Text>
        )}
        {can("patients.clinical_values") ? (
          <>
            <Text size="xs" c="dimmed">
              {t("patient.valuesHint")}
            </Text>
            <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="xs">
              {NAMES.map((name) => (
                <NumberInput
                  key={name}
                  size="xs"
                  label={t(`patient.valueNames.${name}`)}
                  min={0}
                  hideControls
                  allowDecimal={name !== "age_years"}
                  value={typed[name] ?? ""}
                  onChange={(value) => {
                    const others = Object.fromEntries(Object.entries(typed).filter(([key]) => key !== name)) as Typed;
                    setTyped(typeof value === "number" ? { ...others, [name]: value } : others);
                  }}
                />
              ))}
            </SimpleGrid>
            <Group>
              <Button
                size="xs"
                variant="default"
                disabled={!Object.keys(typed).length}
                loading={record.isPending}
                onClick={() => {
                  record.mutate();
                }}
              >
                {t("patient.addValues")}
              </Button>
            </Group>
            {record.error ? <Failed error={record.error} compact /> : null}
          </>
        ) : null}
      </Stack>
    </Paper>
  );
}
