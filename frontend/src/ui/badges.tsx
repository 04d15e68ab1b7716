/** Small signs that mean the same on every page: stage, band, state of a job, simulated data. */
import { Badge, Group, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconClock, IconFlask2, IconLoader2, IconPlayerStop, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Band, type JobState, STAGES, type StageLabel } from "~/api/types";
import { STAGE_COLOURS } from "~/theme";
import { NOTHING } from "./formats";

export function stageLabel(stage: number | StageLabel | null | undefined): StageLabel | null {
  if (stage === null || stage === undefined) return null;
  return typeof stage === "number" ? (STAGES[stage] ?? null) : stage;
}

/** A dot in the stage's constant colour with its name beside it: never colour alone. */
export function StageBadge({ stage, strong }: { stage: number | StageLabel | null | undefined; strong?: boolean }) {
  const label = stageLabel(stage);
  if (!label) return <Text span>{NOTHING}</Text>;
  return (
    <Group component="span" gap={6} wrap="nowrap" display="inline-flex" data-stage={label}>
      <span className="stage-dot" style={{ backgroundColor: STAGE_COLOURS[label] }} aria-hidden />
      <Text span fw={strong ? 700 : 500} size={strong ? "lg" : "sm"}>
        {label}
      </Text>
    </Group>
  );
}

export function BandBadge({ band }: { band: Band | "" | null }) {
  const { t } = useTranslation();
  if (!band) {
    return (
      <Badge variant="default" color="gray">
        {t("common.bandUnknown")}
      </Badge>
    );
  }
  return (
    <Tooltip label={t(`common.bandLong.${band}`)}>
      <Badge variant="default" tt="none">
        {band}
      </Badge>
    </Tooltip>
  );
}

const STATE_SIGNS: Record<JobState, { icon: typeof IconCheck; color: string }> = {
  queued: { icon: IconClock, color: "gray" },
  running: { icon: IconLoader2, color: "blue" },
  succeeded: { icon: IconCheck, color: "green" },
  failed: { icon: IconX, color: "red" },
  cancelled: { icon: IconPlayerStop, color: "orange" },
};

export function StateBadge({ state }: { state: JobState }) {
  const { t } = useTranslation();
  const { icon: Icon, color } = STATE_SIGNS[state];
  return (
    <Badge
      variant="default"
      tt="none"
      leftSection={<Icon size={13} color={`var(--mantine-color-${color}-6)`} aria-hidden />}
      data-state={state}
    >
      {t(`common.state.${state}`)}
    </Badge>
  );
}

export function SimulatedBadge() {
  const { t } = useTranslation();
  return (
    <Tooltip label={t("common.simulatedLong")} multiline w={280}>
      <Badge
        variant="outline"
        color="grape"
        tt="none"
        leftSection={<IconFlask2 size={13} aria-hidden />}
        styles={{ label: { color: "var(--mantine-color-text)" } }}
      >
        {t("common.simulated")}
      </Badge>
    </Tooltip>
  );
}
