import { Group, Kbd, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/ui/Dialog";
import { HOTKEYS } from "./hotkeys";

const SIGNS: Record<string, string> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };

function signOf(key: string): string {
  return key
    .split(/(?<=Shift)\+/)
    .map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(" + ");
}

/** The table of keys, written out; with the pointer's share above it. */
export function HotkeyHelp({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} close={close} title={t("viewer.help")}>
      <Text size="sm" mb="sm">
        {t("viewer.pointer")}
      </Text>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {HOTKEYS.map((hotkey) => (
            <Table.Tr key={hotkey.command}>
              <Table.Td>{t(`viewer.command.${hotkey.command}`)}</Table.Td>
              <Table.Td>
                <Group gap={6} justify="flex-end">
                  {hotkey.keys.map((key) => (
                    <Kbd key={key}>{key === " " ? t("viewer.space") : signOf(key)}</Kbd>
                  ))}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Dialog>
  );
}
