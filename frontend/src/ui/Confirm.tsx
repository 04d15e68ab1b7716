import { Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "./Dialog";

interface ConfirmProps {
  opened: boolean;
  title: string;
  children: ReactNode;
  action: string;
  busy?: boolean;
  danger?: boolean;
  close: () => void;
  confirm: () => void;
}

export function Confirm({ opened, title, children, action, busy, danger, close, confirm }: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} close={close} title={title}>
      <Stack>
        <Text component="div" size="sm">
          {children}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("common.notNow")}
          </Button>
          <Button color={danger ? "red" : undefined} loading={busy} onClick={confirm} data-autofocus>
            {action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
