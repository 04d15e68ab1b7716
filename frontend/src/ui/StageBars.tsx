import { Box, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type Probabilities, STAGES, type StageLabel } from "~/api/types";
import { STAGE_COLOURS } from "~/theme";
import { useFormats } from "./formats";

/** Five probabilities as bars with their values: read as a list, seen as a chart. */
export function StageBars({ probabilities, likeliest }: { probabilities: Probabilities; likeliest: StageLabel }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Stack component="ul" gap={5} m={0} p={0} aria-label={t("staging.probabilities")} style={{ listStyle: "none" }}>
      {STAGES.map((stage) => (
        <Group component="li" key={stage} gap="sm" wrap="nowrap" data-testid={`probability-${stage}`}>
          <Text size="sm" w={26} fw={stage === likeliest ? 700 : 400}>
            {stage}
          </Text>
          <Box flex={1} h={14} bg="var(--mantine-color-default-hover)" style={{ borderRadius: 3, overflow: "hidden" }} aria-hidden>
            <Box
              h="100%"
              w={`${Math.max(0.5, probabilities[stage] * 100)}%`}
              style={{ backgroundColor: STAGE_COLOURS[stage], transition: "width 250ms ease-out" }}
            />
          </Box>
          <Text size="sm" w={62} ta="right" fw={stage === likeliest ? 700 : 400}>
            {format.percent(probabilities[stage])}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}
