/** The three things a page can be besides full: loading, empty, failed. Each says what comes next. */
import { Alert, Button, Code, Group, Skeleton, Stack, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconAlertTriangle, IconInbox } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Failure } from "~/api/types";
import { useFailureText, useProblemText, type ProblemText } from "./problemText";

export function Loading({ rows = 5, height = 34 }: { rows?: number; height?: number }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs" role="status" aria-busy="true">
      <VisuallyHidden>{t("common.loading")}</VisuallyHidden>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={height} radius="sm" />
      ))}
    </Stack>
  );
}

export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" data-testid="empty">
      <IconInbox size={36} stroke={1.2} aria-hidden />
      <Title order={2}>{title}</Title>
      <Text c="dimmed" maw={520} ta="center">
        {children}
      </Text>
      {action}
    </Stack>
  );
}

function ProblemAlert({ text, retry, compact }: { text: ProblemText; retry?: () => void; compact?: boolean }) {
  const { t } = useTranslation();
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={text.message}
      p={compact ? "xs" : "md"}
      styles={{ title: { color: "var(--mantine-color-text)" }, message: { color: "var(--mantine-color-text)" } }}
    >
      {text.remedy ? <Text size="sm">{text.remedy}</Text> : null}
      {text.original ? (
        <Text size="xs" c="dimmed" lang="en">
          {text.original}
        </Text>
      ) : null}
      <Group gap="sm" mt={4}>
        <Text size="xs" c="dimmed">
          {t("common.code")} <Code>{text.code}</Code>
        </Text>
        {retry ? (
          <Button size="compact-xs" variant="default" onClick={retry}>
            {t("common.tryAgain")}
          </Button>
        ) : null}
      </Group>
    </Alert>
  );
}

export function Failed({ error, retry, compact }: { error: unknown; retry?: () => void; compact?: boolean }) {
  const textOf = useProblemText();
  return <ProblemAlert text={textOf(error)} retry={retry} compact={compact} />;
}

export function FailureAlert({ failure, compact }: { failure: Failure; compact?: boolean }) {
  const textOf = useFailureText();
  return <ProblemAlert text={textOf(failure)} compact={compact} />;
}
