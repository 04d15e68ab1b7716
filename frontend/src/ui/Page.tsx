import { Box, Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";

interface PageProps {
  title: string;
  /** Small things beside the title: badges. */
  beside?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** Heading, document title and the room below: the same on every page. */
export function Page({ title, beside, lead, actions, children }: PageProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t("common.product")}`;
  }, [title, t]);
  return (
    <Stack gap="md" className="fade-in">
      <Group justify="space-between" align="flex-start" wrap="wrap" gap="sm">
        <Box style={{ minWidth: 0 }}>
          <Group gap="sm" wrap="wrap">
            <Title order={1}>{title}</Title>
            {beside}
          </Group>
          {lead ? (
            <Text c="dimmed" size="sm" mt={2} maw={820}>
              {lead}
            </Text>
          ) : null}
        </Box>
        {actions ? <Group gap="xs">{actions}</Group> : null}
      </Group>
      {children}
    </Stack>
  );
}
