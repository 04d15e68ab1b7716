import { Alert, Button, Group, Progress, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { cursorOf } from "~/api/client";
import { type Cell, downloadCsv } from "./csv";
import { useFormats } from "./formats";
import { Failed } from "./states";

export const MOST_ROWS = 10_000;

interface ExportTableProps<Row> {
  /** Of the file, without its ending. */
  name: string;
  columns: readonly (readonly [title: string, value: (row: Row) => Cell])[];
  /** A page of what the list shows, its filters kept. */
  page: (cursor: string | undefined) => Promise<{ results: Row[]; next?: string | null }>;
}

/** The whole list behind a page as CSV: page by page, with progress, and at most ten thousand rows. */
export function ExportTable<Row>({ name, columns, page }: ExportTableProps<Row>) {
  const { t } = useTranslation();
  const format = useFormats();
  const [rows, setRows] = useState<number | null>(null);
  const [cut, setCut] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const stopped = useRef(false);

  async function collect() {
    stopped.current = false;
    setError(null);
    setCut(false);
    setRows(0);
    try {
      const found: Row[] = [];
      let cursor: string | undefined;
      do {
        const part = await page(cursor);
        found.push(...part.results);
        cursor = cursorOf(part.next);
        setRows(found.length);
      } while (cursor && found.length < MOST_ROWS && !stopped.current);
      if (stopped.current) return;
      setCut(Boolean(cursor));
      downloadCsv(
        `${name}.csv`,
        columns.map(([title]) => title),
        found.slice(0, MOST_ROWS).map((row) => columns.map(([, value]) => value(row))),
      );
    } catch (problem) {
      setError(problem);
    } finally {
      setRows(null);
    }
  }

  return (
    <>
      {rows === null ? (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={14} aria-hidden />}
          onClick={() => void collect()}
        >
          {t("records.export")}
        </Button>
      ) : (
        <Group gap="xs" role="status">
          <Progress w={90} value={100} striped animated aria-label={t("records.exporting", { count: rows })} />
          <Text size="xs">{t("records.exporting", { count: rows, shown: format.count(rows) })}</Text>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              stopped.current = true;
            }}
          >
            {t("records.stop")}
          </Button>
        </Group>
      )}
      {cut ? (
        <Alert color="orange" p="xs" withCloseButton closeButtonLabel={t("common.close")} onClose={() => { setCut(false); }}>
          {t("records.cut", { rows: format.count(MOST_ROWS) })}
        </Alert>
      ) : null}
      {error ? <Failed error={error} compact /> : null}
    </>
  );
}
