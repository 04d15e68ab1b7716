import { Accordion, Badge, Group, Stack, Table, Text } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { EventRow } from "~/api/types";
import { layersOf, transfersOf } from "~/live/transfers";
import { phaseName } from "~/ui/phases";

/** What moved from one network to another, layer by layer, and what stayed as it was drawn. */
export function Transfers({ rows }: { rows: readonly EventRow[] }) {
  const { t } = useTranslation();
  const transfers = useMemo(() => transfersOf(rows), [rows]);
  if (!transfers.length) return <Text size="sm">{t("comparators.transfers.none")}</Text>;
  return (
    <Accordion multiple variant="separated" data-testid="transfers">
      {transfers.map((transfer) => (
        <Accordion.Item key={`${transfer.source}→${transfer.target}`} value={`${transfer.source}→${transfer.target}`}>
          <Accordion.Control>
            <Group gap="sm">
              <Text fw={600}>{t("comparators.transfers.way", { source: named(transfer.source), target: named(transfer.target) })}</Text>
              <Badge variant="light" tt="none">
                {t("comparators.transfers.moved", { count: transfer.moved.length })}
              </Badge>
              <Badge variant="default" tt="none">
                {t("comparators.transfers.kept", { count: transfer.kept.length })}
              </Badge>
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            <Table.ScrollContainer minWidth={420}>
              <Table verticalSpacing={3} aria-label={t("comparators.transfers.table")}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("comparators.transfers.layer")}</Table.Th>
                    <Table.Th>{t("comparators.transfers.state")}</Table.Th>
                    <Table.Th>{t("comparators.transfers.tensors")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {layersOf(transfer).map((layer) => (
                    <Table.Tr key={`${layer.name}-${String(layer.moved)}`} data-moved={layer.moved}>
                      <Table.Td ff="monospace">{layer.name}</Table.Td>
                      <Table.Td>{t(layer.moved ? "comparators.transfers.didMove" : "comparators.transfers.stayed")}</Table.Td>
                      <Table.Td>
                        <Stack gap={0}>
                          <Text size="xs" ff="monospace" style={{ overflowWrap: "anywhere" }}>
                            {layer.tensors.join(", ")}
                          </Text>
                        </Stack>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

/** Phases in words, "hf, lf" one by one; a file of weights as it is called. */
function named(source: string): string {
  return source.split(", ").map(phaseName).join(", ");
}
