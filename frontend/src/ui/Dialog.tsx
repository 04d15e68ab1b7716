import { Group, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface DialogProps {
  opened: boolean;
  close: () => void;
  title: string;
  size?: string;
  children: ReactNode;
}

/** A modal whose head is no banner: the page has one already. */
export function Dialog({ opened, close, title, size, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Modal.Root opened={opened} onClose={close} size={size}>
      <Modal.Overlay />
      <Modal.Content>
        <Group justify="space-between" p="md" pb={0} wrap="nowrap">
          <Modal.Title fz="1.0625rem" fw={650}>
            {title}
          </Modal.Title>
          <Modal.CloseButton aria-label={t("common.close")} ml={0} />
        </Group>
        <Modal.Body p="md">{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
