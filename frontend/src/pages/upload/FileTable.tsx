import { Badge, Button, Chip, Code, Group, Paper, Progress, Table, Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type Ref, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "~/api/session";
import type { Band, FileResult } from "~/api/types";
import { NOTHING, useFormats } from "~/ui/formats";
import { textOf } from "~/ui/problemText";
import { BandCell } from "./BandCell";
import { countsOf, type FileRow, type RowState } from "./rows";

/** Up to here every row is drawn; of a longer table only those in sight, so that 5,000 files scroll like fifty. */
const DRAWN = 100;
const ROW_HEIGHT = 56;

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
  retryAll?: () => void;
  bandChanged: (result: FileResult, band: Band) => void;
}

export function FileTable({ rows, retry, retryAll, bandChanged }: FileTableProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const [only, setOnly] = useState<string>("all");
  const counts = countsOf(rows);
  const shown = only === "all" ? rows : rows.filter((row) => row.state === only);

  const scroller = useRef<HTMLDivElement>(null);
  const windowed = shown.length > DRAWN;
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoized by what it returns
  const virtual = useVirtualizer({
    count: windowed ? shown.length : 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => shown[index]?.key ?? index,
    overscan: 12,
  });
  const inSight = virtual.getVirtualItems();
  const above = inSight[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (inSight.at(-1)?.end ?? 0);

  return (
    <Paper p={0}>
      <Group p="sm" gap="xs" justify="space-between">
        <Chip.Group value={only} onChange={setOnly}>
          <Group gap="xs">
            <Chip value="all" size="xs">
              {t("upload.filterAll")} · {format.count(rows.length)}
            </Chip>
            {ORDER.filter((state) => counts[state]).map((state) => (
              <Chip key={state} value={state} size="xs">
                {t(`upload.outcome.${state}`)} · {format.count(counts[state])}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        {retryAll && (counts.failed ?? 0) > 1 ? (
          <Button size="xs" variant="default" onClick={retryAll}>
            {t("doors.retryAll", { count: counts.failed ?? 0 })}
          </Button>
        ) : null}
      </Group>
      <div
        ref={scroller}
        role="region"
        aria-label={t("upload.tableCaption")}
        tabIndex={0}
        style={{ overflow: "auto", maxHeight: windowed ? "70vh" : undefined }}
      >
        <Table highlightOnHover miw={820} data-testid="file-table" aria-rowcount={shown.length + 1} stickyHeader={windowed}>
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
            {windowed ? (
              <>
                <Gap height={above} />
                {inSight.map(({ index, key }) => {
                  const row = shown[index];
                  return row ? (
                    <Row
                      key={key}
                      row={row}
                      index={index}
                      measure={virtual.measureElement}
                      retry={retry}
                      bandChanged={bandChanged}
                    />
                  ) : null;
                })}
                <Gap height={below} />
              </>
            ) : (
              shown.map((row, index) => (
                <Row key={row.key} row={row} index={index} retry={retry} bandChanged={bandChanged} />
              ))
            )}
          </Table.Tbody>
        </Table>
      </div>
    </Paper>
  );
}

/** Stands for the rows that are not drawn. */
function Gap({ height }: { height: number }) {
  return height > 0 ? (
    <tr aria-hidden style={{ height }}>
      <td colSpan={6} style={{ padding: 0 }} />
    </tr>
  ) : null;
}

interface RowProps extends Pick<FileTableProps, "retry" | "bandChanged"> {
  row: FileRow;
  index: number;
  measure?: Ref<HTMLTableRowElement>;
}

const Row = memo(function Row({ row, index, measure, retry, bandChanged }: RowProps) {
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
    <Table.Tr ref={measure} data-index={index} aria-rowindex={index + 2} data-outcome={row.state} data-file={row.name}>
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
});
