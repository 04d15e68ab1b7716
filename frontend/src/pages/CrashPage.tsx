import type { ErrorComponentProps } from "@tanstack/react-router";
import { Container } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Page } from "~/ui/Page";
import { Failed } from "~/ui/states";

/** What remains when a page cannot be drawn at all. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  return (
    <Container component="main" py="xl">
      <Page title={t("crash.title")}>
        <Failed error={error} retry={reset} />
      </Page>
    </Container>
  );
}
