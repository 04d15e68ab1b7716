import { Badge, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconCheck, IconCircleDashed, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Pace as PaceOfRun, phasesOf } from "~/live/curves";
import { NOTHING, useFormats } from "~/ui/formats";
import { phaseName } from "~/ui/phases";

const ICONS = { done: IconCheck, now: IconPlayerPlayFilled, next: IconCircleDashed };

/** The parts of the work in order: done, under way, to come. */
export function Phases({ phases }: { phases: ReturnType<typeof phasesOf> }) {
  const { t } = useTranslation();
  if (!phases.length) return null;
  return (
    <Group component="ol" gap={6} m={0} p={0} aria-label={t("runs.phases")} style={{ listStyle: "none" }}>
      {phases.map(({ phase, state }) => {
        const Icon = ICONS[state];
        return (
          <li key={phase}>
            <Badge
              variant={state === "now" ? "filled" : "default"}
              tt="none"
              fw={state === "now" ? 600 : 400}
              leftSection={<Icon size={12} aria-label={t(`runs.phaseState.${state}`)} />}
              data-phase={phase}
              data-phase-state={state}
            >
              {phaseName(phase)}
            </Badge>
          </li>
        );
      })}
    </Group>
  );
}

export function Pace({ pace }: { pace: PaceOfRun }) {
  const { t } = useTranslation();
  const format = useFormats();
  const facts = [
    [t("runs.phase"), pace.phase ? phaseName(pace.phase) : NOTHING],
    [t("runs.epoch"), pace.epoch === null ? NOTHING : `${pace.epoch} / ${pace.epochs ?? NOTHING}`],
    [
      t("runs.throughput"),
      pace.imagesPerSecond === null
        ? NOTHING
        : t("runs.imagesPerSecond", { rate: format.decimal(pace.imagesPerSecond, 1) }),
    ],
  ] as const;
  return (
    <SimpleGrid cols={3} data-testid="pace">
      {facts.map(([label, value]) => (
        <Stack key={label} gap={0}>
          <Text size="xs" c="dimmed">
            {label}
          </Text>
          <Text fw={600}>{value}</Text>
        </Stack>
      ))}
    </SimpleGrid>
  );
}
