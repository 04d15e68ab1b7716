import { Button, Group, Paper, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "~/api/types";
import { rememberTour, startTour, tourSeen } from "~/shell/tour";

/** Offered once to a browser, never forced on it. */
export function TourOffer({ me }: { me: Me }) {
  const { t } = useTranslation();
  const [offered, setOffered] = useState(() => !tourSeen());
  if (!offered) return null;
  return (
    <Paper component="section" data-testid="tour-offer">
      <Group justify="space-between">
        <Text size="sm">
          <Text span fw={600} size="sm">
            {t("tour.offer")}
          </Text>{" "}
          {t("tour.offerText")}
        </Text>
        <Group gap="xs">
          <Button
            size="xs"
            onClick={() => {
              setOffered(false);
              void startTour(me);
            }}
          >
            {t("tour.start")}
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              rememberTour();
              setOffered(false);
            }}
          >
            {t("tour.later")}
          </Button>
        </Group>
      </Group>
    </Paper>
  );
}
