import { Button, Group, Paper, ScrollArea, Table, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { EventRow } from "~/api/types";
import { lookUp, spoken } from "~/i18n";
import { useFormats, type Formats } from "./formats";
import { phaseName } from "./phases";

const STEP = 60;

/** One event as a sentence; kinds that nobody has taught it are shown with their data. */
function sentence(row: EventRow, format: Formats): string {
  const { kind, data } = row;
  if (kind === "note" && typeof data.message === "string") return spoken(data.message);
  const number = (key: string) => (typeof data[key] === "number" ? data[key] : null);
  const text = (key: string) => (typeof data[key] === "string" ? data[key] : "");
  const words = lookUp(`events.${kind}`, {
    ...data,
    phase: phaseName(text("phase")),
    source: text("source").split(", ").map(phaseName).join(", "),
    target: phaseName(text("target")),
    split: lookUp(`datasets.split.${text("split")}`) ?? text("split"),
    level: lookUp(`metrics.level.${text("level")}`) ?? text("level"),
    state: lookUp(`common.state.${text("state")}`) ?? text("state"),
    train_loss: format.decimal(number("train_loss"), 4),
    train_accuracy: format.percent(number("train_accuracy")),
    validation_accuracy: format.percent(number("validation_accuracy")),
    rate: format.decimal(number("images_per_second"), 1),
    duration: format.seconds(number("seconds")),
    share: format.percent(number("progress")),
    moved: Array.isArray(data.moved) ? data.moved.length : 0,
    message: spoken(text("message")),
    title: spoken(text("title")),
  });
  if (words) return words;
  if (typeof data.message === "string" && data.message) return spoken(data.message);
  return Object.keys(data).length ? JSON.stringify(data) : kind;
}

/** The newest events first, in a box of their own; older ones on request. */
export function EventLogView({ rows }: { rows: readonly EventRow[] }) {
  const { t } = useTranslation();
  const format = useFormats();
  const [most, setMost] = useState(STEP);
  const newest = rows.slice(-most).reverse();
  if (!rows.length) {
    return (
      <Text size="sm" c="dimmed">
        {t("events.none")}
      </Text>
    );
  }
  return (
    <Paper p={0} data-testid="event-log" data-rows={rows.length}>
      <ScrollArea.Autosize mah={360} viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("runs.log") }}>
        <Table verticalSpacing={3} miw={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={56} ta="right">
                {t("events.number")}
              </Table.Th>
              <Table.Th w={110}>{t("events.time")}</Table.Th>
              <Table.Th>{t("events.what")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {newest.map((row) => (
              <Table.Tr key={row.seq} data-seq={row.seq} data-kind={row.kind}>
                <Table.Td ta="right">
                  <Text size="xs" c="dimmed">
                    {row.seq}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Text size="xs" c="dimmed">
                    {format.clock(row.at)}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                    {sentence(row, format)}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        {rows.length > most ? (
          <Group justify="center" p="xs">
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                setMost(most + 5 * STEP);
              }}
            >
              {t("events.older", { count: rows.length - most })}
            </Button>
          </Group>
        ) : null}
      </ScrollArea.Autosize>
    </Paper>
  );
}
