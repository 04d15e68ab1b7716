import { Box, Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";

/** Beside the side bar of a screen of 1920 pixels there is as much. */
const WIDEST = "108rem";

interface PageProps {
  title: string;
  /** Small things beside the title: badges. */
  beside?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  /** For pictures, which use the whole screen; forms, tables and text end where a line is still easy to follow. */
  wide?: boolean;
  children: ReactNode;
}

/** Heading, document title and the room below: the same on every page. */
export function Page({ title, beside, lead, actions, wide = false, children }: PageProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t("common.product")}`;
  }, [title, t]);
  return (
    <Stack gap="md" className="fade-in" maw={wide ? undefined : WIDEST}>
      <Group justify="space-between" align="flex-start" wrap="wrap" gap="sm">
        <Box flex="1 1 20rem" miw={0}>
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
