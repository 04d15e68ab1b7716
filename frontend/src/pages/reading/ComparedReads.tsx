import { Badge, Button, Checkbox, Group, Paper, ScrollArea, Select, SimpleGrid, Stack, Table, Text, Textarea, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "~/api/session";
import { STAGES } from "~/api/types";
import { Dialog } from "~/ui/Dialog";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Failed } from "~/ui/states";
import { type Compared, type Quality, QUALITIES, type ReadKind, readingApi, readingQueries } from "./api";
import { RecordedStage } from "./RecordedStage";
import { CANNOT_TELL } from "./readKeys";

/** Exams with both locked reads beside each other; a disagreement is settled here. */
export function ComparedReads({ kind }: { kind: ReadKind }) {
  const { t } = useTranslation();
  const format = useFormats();
  const can = useCan();
  const compared = useQuery(readingQueries.compared(kind));
  const [settling, setSettling] = useState<Compared | null>(null);
  const rows = compared.data ?? [];
  const answer = useAnswer(kind);
  if (compared.error) return <Failed error={compared.error} retry={() => void compared.refetch()} />;
  if (!rows.length) return null;
  return (
    <Paper component="section" aria-labelledby="compared-title">
      <Title order={2} id="compared-title" mb="xs">
        {t("reading.compared.title")}
      </Title>
      <ScrollArea.Autosize mah={480}>
        <Table miw={680} data-testid="compared">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("common.patient")}</Table.Th>
              <Table.Th>{t("worklist.column.date")}</Table.Th>
              <Table.Th>{t("reading.compared.first")}</Table.Th>
              <Table.Th>{t("reading.compared.second")}</Table.Th>
              <Table.Th>{t("reading.compared.consensus")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.exam.id} data-agree={row.agree}>
                <Table.Td>
                  <LinkTo to="/cases/$examId" params={{ examId: row.exam.id }} fw={600}>
                    {row.exam.pseudonym}
                  </LinkTo>
                </Table.Td>
                <Table.Td>{format.date(row.exam.exam_date)}</Table.Td>
                {row.answers.map((one) => (
                  <Table.Td key={one.reader_id}>
                    <Answer one={one} kind={kind} />
                  </Table.Td>
                ))}
                <Table.Td>
                  {row.agree ? (
                    <Badge variant="default" tt="none">
                      {t("reading.compared.agree")}
                    </Badge>
                  ) : row.adjudication ? (
                    <Stack gap={0} data-testid="settled">
                      <Text size="sm">
                        {answer(row.adjudication)} · {t(`reading.settling.${row.adjudication.settling}`)} (
                        {row.adjudication.participants.join(", ")})
                      </Text>
                      {row.adjudication.note ? <Text size="xs">{row.adjudication.note}</Text> : null}
                    </Stack>
                  ) : (
                    <Button
                      size="compact-sm"
                      variant="default"
                      onClick={() => {
                        setSettling(row);
                      }}
                    >
                      {t("reading.compared.settle")}
                    </Button>
                  )}
                  {kind === "stage" ? <RecordedStage row={row} may={can("adjudications.record_stage")} /> : null}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      {settling ? (
        <Settle
          key={settling.exam.id}
          row={settling}
          kind={kind}
          close={() => {
            setSettling(null);
          }}
        />
      ) : null}
    </Paper>
  );
}

function useAnswer(kind: ReadKind): (one: { quality?: Quality | "" | null; stage?: number | null }) => string {
  const { t } = useTranslation();
  return (one) => {
    if (kind === "quality") return one.quality ? t(`reading.quality.${one.quality}`) : "–";
    return typeof one.stage === "number" ? (STAGES[one.stage] ?? "–") : t("reading.cannotTell");
  };
}

/** What a reader locked, with the reasons and the note. */
function Answer({ one, kind }: { one: Compared["answers"][number]; kind: ReadKind }) {
  const { t } = useTranslation();
  const answer = useAnswer(kind);
  return (
    <>
      <Text size="sm">
        {answer(one)} · {one.reader}
      </Text>
      {one.reasons.length ? (
        <Text size="xs" c="dimmed">
          {one.reasons.map((reason) => t(`reading.reason.${reason}`)).join(", ")}
        </Text>
      ) : null}
      {one.note ? <Text size="xs">{one.note}</Text> : null}
    </>
  );
}

function Settle({ row, kind, close }: { row: Compared; kind: ReadKind; close: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const isReader = row.answers.some((one) => one.reader_id === me.id);
  const [answer, setAnswer] = useState<string | null>(null);
  const [together, setTogether] = useState(false);
  const [note, setNote] = useState("");
  const options =
    kind === "quality"
      ? QUALITIES.map((value) => ({ value: value as string, label: t(`reading.quality.${value}`) }))
      : [
          ...STAGES.map((label, value) => ({ value: String(value), label: label as string })),
          { value: CANNOT_TELL as string, label: t("reading.cannotTell") },
        ];
  const settle = useMutation({
    mutationFn: () =>
      readingApi.adjudicate({
        exam: row.exam.id,
        kind,
        ...(kind === "quality" ? { quality: answer as Quality } : { stage: answer === CANNOT_TELL ? null : Number(answer) as 0 }),
        settling: isReader ? "joint" : "third",
        participants: isReader ? row.answers.map((one) => one.reader_id) : [me.id],
        note,
      }),
    onSuccess: () => {
      close();
      void client.invalidateQueries({ queryKey: ["reads"] });
    },
  });
  return (
    <Dialog opened close={close} title={t("reading.settle.title", { patient: row.exam.pseudonym })}>
      <Stack gap="sm">
        <Text size="sm">{t(isReader ? "reading.settle.joint" : "reading.settle.third")}</Text>
        <SimpleGrid cols={2} spacing="sm" data-testid="both-answers">
          {row.answers.map((one) => (
            <div key={one.reader_id}>
              <Answer one={one} kind={kind} />
            </div>
          ))}
        </SimpleGrid>
        <LinkTo to="/cases/$examId" params={{ examId: row.exam.id }} target="_blank" size="sm">
          {t("reading.settle.look")}
        </LinkTo>
        <Select label={t("reading.compared.consensus")} data={options} value={answer} onChange={setAnswer} />
        {isReader ? (
          <Checkbox
            label={t("reading.settle.both", { names: row.answers.map((one) => one.reader).join(", ") })}
            checked={together}
            onChange={(event) => {
              setTogether(event.currentTarget.checked);
            }}
          />
        ) : null}
        <Textarea
          label={t("reading.note")}
          maxLength={500}
          value={note}
          onChange={(event) => {
            setNote(event.currentTarget.value);
          }}
        />
        {settle.error ? <Failed error={settle.error} compact /> : null}
        <Group justify="flex-end">
          <Button
            disabled={!answer || (isReader && !together)}
            loading={settle.isPending}
            onClick={() => {
              settle.mutate();
            }}
          >
            {t("reading.settle.action")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
