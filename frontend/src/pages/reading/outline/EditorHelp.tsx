import { Group, Kbd, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "~/ui/Dialog";
import { EDITOR_KEYS } from "./keys";

const SIGNS: Record<string, string> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };

function signOf(key: string): string {
  return key
    .split("+")
    .map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(" + ");
}

export function EditorHelp({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} close={close} title={t("outline.keys")}>
      <Text size="sm">{t("outline.mouse")}</Text>
      <Text size="sm">{t("outline.viewKeys")}</Text>
      <Text size="sm" mb="sm">
        {t("outline.noHoles")}
      </Text>
      <Table verticalSpacing={3}>
        <Table.Tbody>
          {EDITOR_KEYS.map((row) => (
            <Table.Tr key={row.command}>
              <Table.Td>{t(`outline.command.${row.command}`)}</Table.Td>
              <Table.Td>
                <Group gap={6} justify="flex-end" wrap="nowrap">
                  {row.keys.map((key) => (
                    <Kbd key={key}>{signOf(key)}</Kbd>
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
