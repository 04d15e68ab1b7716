import { Anchor, Button, Checkbox, FileButton, Group, Paper, Progress, ScrollArea, Stack, Table, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LinkTo } from "~/ui/links";
import { useFailureText } from "~/ui/problemText";
import { Failed } from "~/ui/states";
import { type ImportLine, type Layout, listAddress, readingApi } from "./api";

const LAYOUTS: readonly Layout[] = ["labelme", "coco", "seg"];

interface Work {
  files: File[];
  dryRun: boolean;
}

/** Outlines of many frames to other programs and back: looked at first, then saved. */
export function OutlineLists() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [drafts, setDrafts] = useState(false);
  const [files, setFiles] = useState<File[]>([]);
  const [at, setAt] = useState(0);
  const work = useMutation({
    mutationFn: async ({ files: wanted, dryRun }: Work) => {
      const lines: ImportLine[] = [];
      for (const [index, file] of wanted.entries()) {
        setAt(index);
        lines.push(...(await readingApi.importOutlines(file, dryRun)));
      }
      return lines;
    },
    onSuccess: (_lines, { dryRun }) => {
      if (!dryRun) void client.invalidateQueries({ queryKey: ["outlines"] });
    },
  });
  const lines = work.data ?? [];
  const fresh = lines.filter((line) => line.outcome === "new" || line.outcome === "revised").length;
  const looked = work.variables?.dryRun ?? true;
  const done = work.isSuccess;

  return (
    <Paper component="section" aria-labelledby="outline-lists-title" data-testid="outline-lists">
      <Stack gap="xs">
        <Title order={2} id="outline-lists-title">
          {t("outlineLists.title")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("outlineLists.lead")}
        </Text>
        <Group gap="md">
          {LAYOUTS.map((layout) => (
            <Anchor key={layout} size="sm" href={listAddress(layout, drafts)} download>
              {t(`outline.files.${layout}`)}
            </Anchor>
          ))}
          <Checkbox
            size="sm"
            label={t("outlineLists.drafts")}
            checked={drafts}
            onChange={(event) => {
              setDrafts(event.currentTarget.checked);
            }}
          />
        </Group>
        <Group gap="sm">
          <FileButton
            multiple
            accept=".json,.dcm,.zip,application/json,application/dicom,application/zip"
            inputProps={{ "aria-label": t("outlineLists.choose") }}
            onChange={(chosen) => {
              if (!chosen.length) return;
              setFiles(chosen);
              work.mutate({ files: chosen, dryRun: true });
            }}
          >
            {(props) => (
              <Button {...props} variant="default" loading={work.isPending}>
                {t("outlineLists.choose")}
              </Button>
            )}
          </FileButton>
          {done && looked && fresh ? (
            <Button
              onClick={() => {
                work.mutate({ files, dryRun: false });
              }}
            >
              {t("outlineLists.save", { count: fresh })}
            </Button>
          ) : null}
          <Text size="xs" c="dimmed">
            {t("outlineLists.chosen")}
          </Text>
        </Group>
        {work.isPending ? (
          <Stack gap={4} role="status">
            <Text size="sm">
              {t(work.variables.dryRun ? "outlineLists.looking" : "outlineLists.saving", { file: files[at]?.name })}
            </Text>
            <Progress value={((at + 0.5) / Math.max(1, files.length)) * 100} animated aria-label={t("outlineLists.title")} />
          </Stack>
        ) : null}
        {work.error ? <Failed error={work.error} compact /> : null}
        {done ? (
          <Text size="sm" role="status">
            {!looked ? t("outlineLists.saved", { count: fresh }) : fresh ? null : t("outlineLists.nothing")}
          </Text>
        ) : null}
        {lines.length ? <Lines lines={lines} /> : null}
      </Stack>
    </Paper>
  );
}

function Lines({ lines }: { lines: readonly ImportLine[] }) {
  const { t } = useTranslation();
  const textOf = useFailureText();
  return (
    <ScrollArea.Autosize mah={280} viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("outlineLists.outcome") }}>
      <Table miw={560} data-testid="import-lines">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("outlineLists.file")}</Table.Th>
            <Table.Th>{t("common.patient")}</Table.Th>
            <Table.Th>{t("outlineLists.outcome")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line, index) => {
            const problem = line.problem ? textOf(line.problem) : null;
            return (
              <Table.Tr key={index} data-outcome={line.outcome}>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{line.file}</Table.Td>
                <Table.Td>
                  {line.image ? (
                    <LinkTo to="/reading/outline/$imageId" params={{ imageId: line.image }} search={{ frame: line.frame ? line.frame + 1 : undefined }}>
                      {line.pseudonym} · {t("outlineLists.frame", { number: line.frame + 1 })}
                    </LinkTo>
                  ) : null}
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{t(`outlineLists.outcomes.${line.outcome}`)}</Text>
                  {problem ? (
                    <Text size="xs">
                      {problem.message} {problem.remedy}
                    </Text>
                  ) : null}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
