import { Button, Group, Paper, ScrollArea, SegmentedControl, Stack, Table, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CursorPager } from "~/ui/CursorPager";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Failed, Loading } from "~/ui/states";
import { offerUndo } from "~/ui/undo";
import { type Assignment, GIVEN, type Given, readingApi, readingQueries } from "./api";

/** Who is to read what: an exam is taken back from a reader who has not read it, and given back. */
export function GivenOut() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [which, setWhich] = useState<Given>("open");
  const [cursor, setCursor] = useState<string | undefined>();
  const list = useQuery(readingQueries.given(which, cursor));
  const reread = () => client.invalidateQueries({ queryKey: ["reads"] });
  const restore = useMutation({ mutationFn: (row: Assignment) => readingApi.restoreAssignment(row.id), onSuccess: reread });
  const withdraw = useMutation({
    mutationFn: (row: Assignment) => readingApi.withdrawAssignment(row.id),
    onSuccess: (_gone, row) => {
      void reread();
      offerUndo({
        text: t("reading.given.withdrawnOne", { patient: row.exam.pseudonym, reader: row.reader }),
        undo: () => readingApi.restoreAssignment(row.id).then(reread),
      });
    },
  });
  const failed = withdraw.error ?? restore.error;
  const rows = list.data?.results ?? [];
  return (
    <Paper component="section" aria-labelledby="given-title" data-testid="given-out">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} id="given-title">
            {t("reading.given.title")}
          </Title>
          <SegmentedControl
            size="xs"
            aria-label={t("reading.given.which")}
            value={which}
            data={GIVEN.map((value) => ({ value, label: t(`reading.given.${value}`) }))}
            onChange={(value) => {
              setWhich(value as Given);
              setCursor(undefined);
            }}
          />
        </Group>
        <Text size="sm" c="dimmed">
          {t("reading.given.lead")}
        </Text>
        {list.isPending ? <Loading rows={3} /> : null}
        {list.error ? <Failed error={list.error} compact retry={() => void list.refetch()} /> : null}
        {list.data && !rows.length ? <Text size="sm">{t("reading.given.none")}</Text> : null}
        {rows.length ? (
          <ScrollArea.Autosize mah={360} viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("reading.given.title") }}>
            <Table verticalSpacing={4} miw={620}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("common.patient")}</Table.Th>
                  <Table.Th>{t("reading.kindLabel")}</Table.Th>
                  <Table.Th>{t("reading.given.reader")}</Table.Th>
                  <Table.Th>{t(`reading.given.until.${which}`)}</Table.Th>
                  {which === "done" ? null : <Table.Th ta="right">{t("common.action")}</Table.Th>}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Row
                    key={row.id}
                    row={row}
                    which={which}
                    busy={withdraw.isPending || restore.isPending}
                    act={() => {
                      (which === "open" ? withdraw : restore).mutate(row);
                    }}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea.Autosize>
        ) : null}
        {failed ? <Failed error={failed} compact /> : null}
        {list.data ? <CursorPager page={list.data} go={setCursor} /> : null}
      </Stack>
    </Paper>
  );
}

function Row({ row, which, busy, act }: { row: Assignment; which: Given; busy: boolean; act: () => void }) {
  const { t } = useTranslation();
  const format = useFormats();
  const moment = { open: row.created_at, done: row.done_at, withdrawn: row.withdrawn_at }[which];
  const action = t(which === "open" ? "reading.given.withdraw" : "reading.given.restore");
  return (
    <Table.Tr data-assignment={row.id}>
      <Table.Td>
        <LinkTo to="/cases/$examId" params={{ examId: row.exam.id }}>
          {row.exam.pseudonym}
        </LinkTo>
      </Table.Td>
      <Table.Td>{t(`reading.kind.${row.kind}`)}</Table.Td>
      <Table.Td>{row.reader}</Table.Td>
      <Table.Td>{format.moment(moment)}</Table.Td>
      {which === "done" ? null : (
        <Table.Td ta="right">
          <Button
            size="compact-xs"
            variant="default"
            disabled={busy}
            aria-label={t("reading.given.of", { action, patient: row.exam.pseudonym, reader: row.reader })}
            onClick={act}
          >
            {action}
          </Button>
        </Table.Td>
      )}
    </Table.Tr>
  );
}
