import { ActionIcon, Group, Popover, SegmentedControl, Stack, Table, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import type { Band, Evidence } from "~/api/types";
import { lookUp, spoken } from "~/i18n";
import { BandBadge } from "~/ui/badges";
import { NOTHING, useFormats } from "~/ui/formats";
import { Failed } from "~/ui/states";

interface BandCellProps {
  imageId: string | null;
  name: string;
  band: Band | "" | null;
  confidence: number | null;
  evidence: readonly Evidence[];
  manual?: boolean;
  mayChange: boolean;
  changed: (band: Band) => void;
}

/** Which band, how sure, why, and the way to say otherwise. */
export function BandCell({ imageId, name, band, confidence, evidence, manual, mayChange, changed }: BandCellProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (wanted: Band) => api.setBand(imageId ?? "", wanted),
    onSuccess: (image) => {
      if (image.band) changed(image.band);
      void client.invalidateQueries({ queryKey: ["exams"] });
      void client.invalidateQueries({ queryKey: ["uploads"] });
    },
  });
  if (!imageId) return <Text size="sm">{NOTHING}</Text>;
  return (
    <Group gap={6} wrap="nowrap">
      <BandBadge band={band} />
      <Popover width={400} position="bottom-start" withArrow shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t("band.why", { name })}>
            <IconInfoCircle size={16} aria-hidden />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown aria-label={t("band.title")}>
          <Stack gap="xs">
            <Text size="sm" fw={600}>
              {manual ? t("band.manual") : t("band.confidence", { share: format.percent(confidence) })}
            </Text>
            {evidence.length ? (
              <Table verticalSpacing={3}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("band.cue")}</Table.Th>
                    <Table.Th>{t("band.value")}</Table.Th>
                    <Table.Th>{t("band.saysBand")}</Table.Th>
                    <Table.Th ta="right">{t("band.weight")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {evidence.map((item, index) => (
                    <Table.Tr key={index}>
                      <Table.Td>{lookUp(`band.cues.${item.cue}`) ?? item.cue}</Table.Td>
                      <Table.Td>{spoken(item.value) || NOTHING}</Table.Td>
                      <Table.Td>{item.band || NOTHING}</Table.Td>
                      <Table.Td ta="right">{format.decimal(item.weight, 2)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            ) : (
              <Text size="sm" c="dimmed">
                {t("band.noEvidence")}
              </Text>
            )}
            {mayChange ? (
              <Group gap="sm">
                <Text size="sm">{t("band.setTo")}</Text>
                <SegmentedControl
                  size="xs"
                  data={["HF", "LF"]}
                  value={band || ""}
                  disabled={change.isPending}
                  aria-label={t("band.setTo")}
                  onChange={(value) => {
                    change.mutate(value as Band);
                  }}
                />
              </Group>
            ) : null}
            {change.error ? <Failed error={change.error} compact /> : null}
          </Stack>
        </Popover.Dropdown>
      </Popover>
    </Group>
  );
}
