import { Paper, SimpleGrid, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Me } from "~/api/types";
import { ButtonTo } from "~/ui/links";
import type { NavItem } from "~/shell/navigation";

type StepKey = "upload" | "stageCases" | "read" | "outline" | "record" | "freeze" | "launch" | "compare" | "promote" | "jobs" | "audit";

interface Step {
  key: StepKey;
  to: NavItem["to"] | "/runs/new";
  search?: Record<string, string>;
}

const STEPS: Record<Me["role"], Step[]> = {
  clinician: [
    { key: "upload", to: "/upload" },
    { key: "stageCases", to: "/worklist", search: { staged: "no", pair: "yes" } },
  ],
  annotator: [
    { key: "read", to: "/reading" },
    { key: "outline", to: "/worklist" },
    { key: "record", to: "/worklist" },
  ],
  researcher: [
    { key: "freeze", to: "/datasets" },
    { key: "launch", to: "/runs/new" },
    { key: "compare", to: "/runs" },
    { key: "promote", to: "/models" },
  ],
  administrator: [
    { key: "jobs", to: "/jobs" },
    { key: "audit", to: "/audit" },
    { key: "upload", to: "/upload" },
  ],
};

export function NextSteps({ me }: { me: Me }) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: Math.min(4, STEPS[me.role].length) }} spacing="md">
      {STEPS[me.role].map((step, index) => (
        <Paper key={step.key} component="section" display="flex" style={{ flexDirection: "column", gap: 8 }}>
          <Title order={2}>{t(`home.steps.${step.key}.title`)}</Title>
          <Text size="sm" c="dimmed" flex={1}>
            {t(`home.steps.${step.key}.text`)}
          </Text>
          <ButtonTo
            to={step.to}
            search={step.search as never}
            variant={index === 0 ? "filled" : "default"}
            style={{ alignSelf: "flex-start" }}
          >
            {t(`home.steps.${step.key}.action`)}
          </ButtonTo>
        </Paper>
      ))}
    </SimpleGrid>
  );
}
