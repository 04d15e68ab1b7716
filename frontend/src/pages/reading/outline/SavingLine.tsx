import { Alert, Badge, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconClock, IconCloudOff, IconLoader2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Failed } from "~/ui/states";
import type { Phase, SaverView } from "./saver";

const SIGNS: Record<Phase, { icon: typeof IconCheck; color: string }> = {
  saved: { icon: IconCheck, color: "green" },
  waiting: { icon: IconClock, color: "gray" },
  saving: { icon: IconLoader2, color: "blue" },
  offline: { icon: IconCloudOff, color: "orange" },
  conflict: { icon: IconAlertTriangle, color: "orange" },
  refused: { icon: IconAlertTriangle, color: "red" },
};

interface SavingLineProps {
  saving: SaverView;
  empty: boolean;
  choose: () => void;
}

/** Where the strokes are: on the server, on their way, or on this machine only. */
export function SavingLine({ saving, empty, choose }: SavingLineProps) {
  const { t } = useTranslation();
  const { icon: Icon, color } = SIGNS[saving.phase];
  return (
    <Stack gap={6} data-testid="saving">
      <Group gap={8} wrap="nowrap" role="status" align="flex-start">
        <Icon size={18} color={`var(--mantine-color-${color}-6)`} aria-hidden style={{ flex: "none", marginTop: 2 }} />
        <Text size="sm" fw={600}>
          {saving.phase === "saved" && empty ? t("outline.phase.empty") : t(`outline.phase.${saving.phase}`)}
        </Text>
        {saving.revision ? (
          <Badge variant="default" tt="none">
            {t("outline.history.row", { number: saving.revision })}
          </Badge>
        ) : null}
      </Group>
      {saving.phase === "conflict" ? (
        <Button size="xs" onClick={choose}>
          {t("outline.choose")}
        </Button>
      ) : null}
      {saving.phase === "refused" && saving.problem ? <Failed error={saving.problem} compact /> : null}
      {saving.kept ? null : (
        <Alert color="red" p="xs" role="alert" styles={{ message: { color: "var(--mantine-color-text)" } }}>
          {t("outline.notKept")}
        </Alert>
      )}
    </Stack>
  );
}
