import { Paper, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Disagreement } from "~/api/types";
import { Plot } from "~/charts/Plot";

const FINDINGS = ["ge-s2", "ge-s3", "ge-s4"] as const;

/**
 * Net benefit of acting on each run, on APRI and FIB-4, on everyone and on nobody: over all patients, then over
 * those who have a serum score, where not all have.
 */
export function DecisionCurves({ figures }: { figures: Disagreement["decision"] }) {
  const { t } = useTranslation();
  const [finding, setFinding] = useState<(typeof FINDINGS)[number]>("ge-s2");
  const names = Object.keys(figures).filter((name) => name === finding || name.startsWith(`${finding}-`));
  return (
    <Paper component="section" data-testid="decision">
      <Stack gap="xs">
        <Title order={2}>{t("disagreement.decision")}</Title>
        {names.length ? (
          <>
            <SegmentedControl
              size="xs"
              w="fit-content"
              aria-label={t("experiments.finding")}
              data={FINDINGS.map((value) => ({ value, label: t(`experiments.findings.${value}`) }))}
              value={finding}
              onChange={(value) => {
                setFinding(value as (typeof FINDINGS)[number]);
              }}
            />
            {names.map((name) => {
              const figure = figures[name];
              return figure ? <Plot key={name} figure={figure} label={t("disagreement.decisionLabel")} /> : null;
            })}
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {t("disagreement.decisionNone")}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
