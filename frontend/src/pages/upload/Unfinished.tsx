import { Alert, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "~/ui/formats";
import type { Unfinished as Entry } from "~/upload/ledger";

/** An upload of before a reload or a lost network: what is needed to go on. */
export function Unfinished({ entry, forget }: { entry: Entry; forget: () => void }) {
  const { t } = useTranslation();
  const format = useFormats();
  const done = Object.keys(entry.answered).length;
  return (
    <Alert color="yellow" variant="light" title={t("doors.unfinished.title")} data-testid="unfinished-upload">
      <Group justify="space-between">
        <Text size="sm">
          {t("doors.unfinished.text", {
            when: format.moment(new Date(entry.begun).toISOString()),
            done: format.count(done),
            total: format.count(Math.max(entry.total, done)),
          })}
        </Text>
        <Button size="xs" variant="default" onClick={forget}>
          {t("doors.unfinished.forget")}
        </Button>
      </Group>
    </Alert>
  );
}
