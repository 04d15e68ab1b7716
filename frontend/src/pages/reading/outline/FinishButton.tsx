import { Button, Group, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/ui/Dialog";

interface FinishProps {
  empty: boolean;
  busy: boolean;
  blocked: boolean;
  finish: () => void;
}

/** Makes the outline final. An empty one means something, so it is asked for. */
export function FinishButton({ empty, busy, blocked, finish }: FinishProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        leftSection={<IconCheck size={16} aria-hidden />}
        loading={busy}
        disabled={blocked}
        onClick={() => {
          if (empty) setAsking(true);
          else finish();
        }}
      >
        {t("outline.finish")}
      </Button>
      <Dialog
        opened={asking}
        close={() => {
          setAsking(false);
        }}
        title={t("outline.finishEmpty.title")}
      >
        <Text size="sm">{t("outline.finishEmpty.text")}</Text>
        <Group justify="flex-end" mt="md">
          <Button
            onClick={() => {
              setAsking(false);
              finish();
            }}
          >
            {t("outline.finishEmpty.action")}
          </Button>
        </Group>
      </Dialog>
    </>
  );
}
