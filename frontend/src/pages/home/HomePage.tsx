import { Grid } from "@mantine/core";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/session";
import type { Me } from "~/api/types";
import { Page } from "~/ui/Page";
import { DemonstrationPanel } from "./DemonstrationPanel";
import { NextSteps } from "./NextSteps";
import { RecentJobs } from "./RecentJobs";
import { TourOffer } from "./TourOffer";
import { ToRead } from "./ToRead";
import { WaitingForReview, WaitingForStaging } from "./WaitingCases";

/** Whoever reads has no trainings to watch, and whoever trains signs nothing. */
const LISTS: Record<Me["role"], ComponentType[]> = {
  clinician: [WaitingForStaging, WaitingForReview],
  annotator: [ToRead],
  researcher: [WaitingForStaging, RecentJobs],
  administrator: [WaitingForStaging, RecentJobs],
};

/** What this person would do next, and what the house is doing meanwhile. */
export function HomePage() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Page
      title={t("home.title", { name: me.display_name || me.username })}
      lead={t(`home.lead.${me.role}`)}
    >
      <TourOffer me={me} />
      <DemonstrationPanel />
      <NextSteps me={me} />
      <Grid gap="md">
        {LISTS[me.role].map((List, place) => (
          <Grid.Col key={place} span={{ base: 12, lg: 6 }}>
            <List />
          </Grid.Col>
        ))}
      </Grid>
    </Page>
  );
}
