import { Alert, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import type { Metric, ModelUse } from "~/api/types";
import { Scrolled } from "~/pages/experiments/Scrolled";
import { useFormats } from "~/ui/formats";
import { Failed, Loading } from "~/ui/states";

type Period = ModelUse["total"];

/** What the model answers since it is used: how often it is unsure, sees what is new to it, and is corrected. */
export function InUse({ modelId }: { modelId: string }) {
  const { t } = useTranslation();
  const use = useQuery(queries.modelUse(modelId));
  return (
    <Paper component="section" data-testid="in-use">
      <Title order={2} mb="xs">
        {t("inUse.title")}
      </Title>
      {use.data ? <Use use={use.data} /> : use.error ? <Failed error={use.error} retry={() => void use.refetch()} /> : <Loading />}
    </Paper>
  );
}

function Use({ use }: { use: ModelUse }) {
  const { t } = useTranslation();
  const format = useFormats();
  if (!use.total.answers) {
    return (
      <Text size="sm" c="dimmed">
        {t("inUse.none")}
      </Text>
    );
  }
  return (
    <Stack gap="xs">
      <Text size="sm">{t("inUse.lead", { share: format.percent(use.expected_unfamiliar) })}</Text>
      {use.unlike_training ? (
        <Alert color="orange" p="xs" icon={<IconAlertTriangle size={16} aria-hidden />}>
          <Text size="sm">{t("inUse.alarm", { share: format.percent(use.expected_unfamiliar) })}</Text>
        </Alert>
      ) : null}
      <Scrolled label={t("inUse.title")}>
        <Table verticalSpacing={4} miw={720}>
          <Table.Thead>
            <Table.Tr>
              {(["period", "answers", "stages", "wide", "unfamiliar", "signed", "changed", "notStaged"] as const).map((column) => (
                <Table.Th key={column} ta={column === "period" || column === "stages" ? undefined : "right"}>
                  {t(`inUse.columns.${column}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Row period={use.total} name={t("inUse.total")} />
            {use.months.map((month) => (
              <Row key={month.month} period={month} name={(month.month ?? "").slice(0, 7)} />
            ))}
          </Table.Tbody>
        </Table>
      </Scrolled>
    </Stack>
  );
}

function Row({ period, name }: { period: Period; name: string }) {
  const format = useFormats();
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{name}</Table.Td>
      <Table.Td ta="right">{format.count(period.answers)}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>{Object.values(period.stages).join(" / ")}</Table.Td>
      <Share of={period.wide} />
      <Share of={period.unfamiliar} />
      <Table.Td ta="right">{format.count(period.signed)}</Table.Td>
      <Share of={period.changed} />
      <Share of={period.not_staged} />
    </Table.Tr>
  );
}

/** A share in percent, its interval below it. */
function Share({ of }: { of: Metric }) {
  const format = useFormats();
  return (
    <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
      {format.percent(of.value)}
      {of.low !== null && of.high !== null ? (
        <Text size="xs" c="dimmed">
          {format.percent(of.low)}–{format.percent(of.high)}
        </Text>
      ) : null}
    </Table.Td>
  );
}
