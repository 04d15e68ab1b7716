import { Button, Group } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { cursorOf } from "~/api/client";

interface Links {
  next?: string | null;
  previous?: string | null;
}

/** Newer and older, by the cursors of the server; the cursor itself belongs into the page's URL. */
export function CursorPager({ page, go }: { page: Links; go: (cursor: string | undefined) => void }) {
  const { t } = useTranslation();
  if (!page.next && !page.previous) return null;
  return (
    <Group component="nav" justify="flex-end" gap="xs" aria-label={t("common.pages")}>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconChevronLeft size={14} aria-hidden />}
        disabled={!page.previous}
        onClick={() => {
          go(cursorOf(page.previous));
        }}
      >
        {t("common.newer")}
      </Button>
      <Button
        variant="default"
        size="xs"
        rightSection={<IconChevronRight size={14} aria-hidden />}
        disabled={!page.next}
        onClick={() => {
          go(cursorOf(page.next));
        }}
      >
        {t("common.older")}
      </Button>
    </Group>
  );
}
