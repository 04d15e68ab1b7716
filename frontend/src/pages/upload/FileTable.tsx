import { Badge, Button, Chip, Code, Group, Paper, Progress, ScrollArea, Table, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "~/api/session";
import type { Band, FileResult } from "~/api/types";
import { NOTHING, useFormats } from "~/ui/formats";
import { textOf } from "~/ui/problemText";
import { BandCell } from "./BandCell";
import { countsOf, type FileRow, type RowState } from "./rows";

/** A long folder is shown in steps: a table of ten thousand rows helps nobody. */
const STEP = 200;

const COLOURS: Record<RowState, string> = {
  accepted: "green",
  duplicate: "blue",
  quarantined: "orange",
  refused: "red",
  failed: "red",
  waiting: "gray",
  sending: "gray",
};
const ORDER: RowState[] = ["failed", "refused", "quarantined", "accepted", "duplicate", "sending", "waiting"];

interface FileTableProps {
  rows: FileRow[];
  retry?: (itemKey: number) => void;
  bandChanged: (result: FileResult, band: Band) => void;
}

export function FileTable({ rows, retry, bandChanged }: FileTableProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const [only, setOnly] = useState<string>("all");
  const [most, setMost] = useState(STEP);
  const counts = countsOf(rows);
  const shown = only === "all" ? rows : rows.filter((row) => row.state === only);

  return (
    <Paper p={0}>
      <Group p="sm" gap="xs">
        <Chip.Group value={only} onChange={setOnly}>
          <Chip value="all" size="xs">
            {t("upload.filterAll")} · {format.count(rows.length)}
          </Chip>
          {ORDER.filter((state) => counts[state]).map((state) => (
            <Chip key={state} value={state} size="xs">
              {t(`upload.outcome.${state}`)} · {format.count(counts[state])}
            </Chip>
          ))}
        </Chip.Group>
      </Group>
      <ScrollArea>
        <Table highlightOnHover miw={820} data-testid="file-table">
          <Table.Caption hidden>{t("upload.tableCaption")}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("upload.column.file")}</Table.Th>
              <Table.Th ta="right">{t("upload.column.size")}</Table.Th>
              <Table.Th>{t("upload.column.outcome")}</Table.Th>
              <Table.Th>{t("upload.column.explanation")}</Table.Th>
              <Table.Th>{t("upload.column.band")}</Table.Th>
              <Table.Th>{t("common.action")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.slice(0, most).map((row) => (
              <Row key={row.key} row={row} retry={retry} bandChanged={bandChanged} />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      {shown.length > most ? (
        <Group justify="center" p="sm">
          <Button
            variant="default"
            size="xs"
            onClick={() => {
              setMost(most + 5 * STEP);
            }}
          >
            {t("upload.showMore", { count: shown.length - most })}
          </Button>
        </Group>
      ) : null}
    </Paper>
  );
}

function Row({ row, retry, bandChanged }: { row: FileRow } & Omit<FileTableProps, "rows">) {
  const { t } = useTranslation();
  const format = useFormats();
  const can = useCan();
  const { result, problem } = row;
  const text = problem
    ? textOf({ code: problem.code, message: problem.message, remedy: problem.remedy })
    : result && (result.code || result.message)
      ? textOf(result)
      : null;
  return (
    <Table.Tr data-outcome={row.state} data-file={row.name}>
      <Table.Td maw={260} style={{ overflowWrap: "anywhere" }}>
        {row.name}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: "nowrap" }}>
        {row.size === null ? NOTHING : format.bytes(row.size)}
      </Table.Td>
      <Table.Td>
        {row.state === "sending" ? (
          <Progress value={row.sent * 100} w={90} aria-label={t("upload.sendingFile", { name: row.name })} />
        ) : (
          <Badge
            variant="default"
            tt="none"
            leftSection={
              <span className="stage-dot" style={{ backgroundColor: `var(--mantine-color-${COLOURS[row.state]}-6)` }} />
            }
          >
            {t(`upload.outcome.${row.state}`)}
          </Badge>
        )}
      </Table.Td>
      <Table.Td maw={420}>
        {text ? (
          <>
            <Text size="sm">
              {text.message} {text.remedy ? <Text span size="sm" c="dimmed">{text.remedy}</Text> : null}
            </Text>
            {row.state === "accepted" ? null : <Code fz="xs">{text.code}</Code>}
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {row.state === "accepted" ? t("upload.stored") : NOTHING}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {result ? (
          <BandCell
            imageId={result.image_id}
            name={row.name}
            band={result.band}
            confidence={result.band_confidence}
            evidence={result.evidence}
            mayChange={can("images.partial_update")}
            changed={(band) => {
              bandChanged(result, band);
            }}
          />
        ) : null}
      </Table.Td>
      <Table.Td>
        {row.state === "failed" && row.itemKey !== null && retry ? (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              if (row.itemKey !== null) retry(row.itemKey);
            }}
          >
            {t("common.tryAgain")}
          </Button>
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}
