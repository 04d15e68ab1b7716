import { Grid } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/session";
import { Page } from "~/ui/Page";
import { DemonstrationPanel } from "./DemonstrationPanel";
import { NextSteps } from "./NextSteps";
import { RecentJobs } from "./RecentJobs";
import { TourOffer } from "./TourOffer";
import { WaitingCases } from "./WaitingCases";

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
        {me.permissions.includes("exams.list") ? (
          <Grid.Col span={{ base: 12, lg: 6 }}>
            <WaitingCases />
          </Grid.Col>
        ) : null}
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <RecentJobs />
        </Grid.Col>
      </Grid>
    </Page>
  );
}
