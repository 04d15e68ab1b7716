import { Button, Group, Paper, ScrollArea, SimpleGrid, Stack, Switch, Table, Text, Title, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Disagreement, STAGES } from "~/api/types";
import { StageBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { type Cell, chosenPatients, confusionOf } from "./patients";

const SHOWN = 200; // rows of the table; the cell and the switch narrow a larger test part
const PICTURED = 12;

/** What each run called each test patient; a cell of a matrix leads to the cases and pictures behind it. */
export function PatientByPatient({ found }: { found: Disagreement }) {
  const { t } = useTranslation();
  const [cell, setCell] = useState<Cell | null>(null);
  const [differing, setDiffering] = useState(false);
  const chosen = chosenPatients(found.patients, { cell, differing });
  if (!found.patients.length) {
    return (
      <Paper component="section" data-testid="disagreement">
        <Title order={2}>{t("disagreement.title")}</Title>
        <Text size="sm" c="dimmed">
          {t("disagreement.unavailable")}
        </Text>
      </Paper>
    );
  }
  return (
    <Paper component="section" data-testid="disagreement">
      <Stack gap="sm">
        <div>
          <Title order={2}>{t("disagreement.title")}</Title>
          <Text size="sm" c="dimmed">
            {t("disagreement.lead")}
          </Text>
        </div>
        <SimpleGrid cols={{ base: 1, sm: 2, xl: Math.min(3, found.labels.length) }}>
          {found.labels.map((label, run) => (
            <Matrix key={label} label={label} run={run} found={found} cell={cell} choose={setCell} />
          ))}
        </SimpleGrid>
        <Group gap="md">
          <Switch
            label={t("disagreement.onlyDiffering")}
            checked={differing}
            onChange={(event) => {
              setDiffering(event.currentTarget.checked);
            }}
          />
          {cell ? (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                setCell(null);
              }}
            >
              {t("disagreement.anyCell")}
            </Button>
          ) : null}
          <Text size="sm" role="status">
            {cell ? `${t("disagreement.cell", { ...cell, run: found.labels[cell.run] ?? "" })} · ` : ""}
            {t("disagreement.of", { shown: chosen.length, total: found.patients.length })}
          </Text>
        </Group>
        {cell ? <Pictures patients={chosen} /> : null}
        {chosen.length ? <Rows found={found} patients={chosen.slice(0, SHOWN)} /> : <Text size="sm">{t("disagreement.none")}</Text>}
      </Stack>
    </Paper>
  );
}

interface MatrixProps {
  label: string;
  run: number;
  found: Disagreement;
  cell: Cell | null;
  choose: (cell: Cell) => void;
}

function Matrix({ label, run, found, cell, choose }: MatrixProps) {
  const { t } = useTranslation();
  const counts = confusionOf(found.patients, run);
  return (
    <Table withColumnBorders verticalSpacing={2} horizontalSpacing={2} aria-label={t("disagreement.matrix", { run: label })}>
      <Table.Caption style={{ captionSide: "top", textAlign: "start" }}>{label}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Td />
          {STAGES.map((stage) => (
            <Table.Th key={stage} ta="center">
              {stage}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {STAGES.map((truth, row) => {
          const total = (counts[row] ?? []).reduce((sum, count) => sum + count, 0);
          return (
            <Table.Tr key={truth}>
              <Table.Th>{truth}</Table.Th>
              {STAGES.map((predicted, column) => {
                const count = counts[row]?.[column] ?? 0;
                const pressed = cell?.run === run && cell.truth === truth && cell.predicted === predicted;
                const share = total ? count / total : 0;
                return (
                  <Table.Td key={predicted} p={1}>
                    <UnstyledButton
                      w="100%"
                      ta="center"
                      py={4}
                      disabled={!count}
                      data-cell={`${truth}-${predicted}`}
                      aria-pressed={pressed}
                      aria-label={t("disagreement.count", { count, truth, predicted })}
                      style={{
                        background: `color-mix(in srgb, var(--mantine-primary-color-filled) ${Math.round(share * 45)}%, transparent)`,
                        outline: pressed ? "2px solid var(--mantine-color-text)" : undefined,
                        borderRadius: 4,
                      }}
                      onClick={() => {
                        choose({ run, truth, predicted });
                      }}
                    >
                      {count || "·"}
                    </UnstyledButton>
                  </Table.Td>
                );
              })}
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

function Pictures({ patients }: { patients: Disagreement["patients"] }) {
  const { t } = useTranslation();
  const seen = patients.filter((one) => one.images.length).slice(0, PICTURED);
  if (!seen.length) return null;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} data-testid="cell-pictures">
      {seen.map((one) => (
        <figure key={one.patient} style={{ margin: 0 }} aria-label={t("disagreement.images", { patient: one.patient })}>
          <Group gap={4} wrap="nowrap" grow>
            {one.images.slice(0, 2).map((image) => (
              <img
                key={image.id}
                src={`/api/v1/images/${image.id}/frames/0/rendered/`}
                alt={`${one.patient} ${image.band}`}
                loading="lazy"
                style={{ width: "100%", aspectRatio: "4 / 3", objectFit: "contain", background: "#000", borderRadius: 4 }}
              />
            ))}
          </Group>
          <Text component="figcaption" size="xs">
            {one.exam ? (
              <LinkTo to="/cases/$examId" params={{ examId: one.exam }} size="xs">
                {one.patient}
              </LinkTo>
            ) : (
              one.patient
            )}
          </Text>
        </figure>
      ))}
    </SimpleGrid>
  );
}

function Rows({ found, patients }: { found: Disagreement; patients: Disagreement["patients"] }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <ScrollArea.Autosize mah={460} viewportProps={{ tabIndex: 0, role: "region", "aria-label": t("disagreement.title") }}>
      <Table stickyHeader miw={240 + 170 * found.labels.length} verticalSpacing={4} data-testid="patients">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("disagreement.patient")}</Table.Th>
            <Table.Th>{t("disagreement.truth")}</Table.Th>
            {found.labels.map((label) => (
              <Table.Th key={label}>{label}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {patients.map((one) => (
            <Table.Tr key={one.patient} data-patient={one.patient}>
              <Table.Td>
                {one.exam ? (
                  <LinkTo to="/cases/$examId" params={{ examId: one.exam }} size="sm">
                    {one.patient}
                  </LinkTo>
                ) : (
                  <Text size="sm">{one.patient}</Text>
                )}
              </Table.Td>
              <Table.Td>
                <StageBadge stage={STAGES.findIndex((stage) => stage === one.truth)} />
              </Table.Td>
              {one.answers.map((answer, index) => (
                <Table.Td key={found.labels[index]} fw={answer.stage === one.truth ? 400 : 700}>
                  {t("disagreement.probability", { stage: answer.stage, probability: format.percent(answer.probability) })}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
