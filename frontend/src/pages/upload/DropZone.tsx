import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import { IconCloudUpload } from "@tabler/icons-react";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { filesOfDrop, filesOfInput, type PickedFile } from "~/upload/collect";

/** Folders, files and zip archives by dropping or by choosing; both ways are reachable by keyboard. */
export function DropZone({ take, compact }: { take: (files: PickedFile[]) => void; compact?: boolean }) {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void filesOfDrop(event.dataTransfer).then(take);
  }

  function chosen(input: HTMLInputElement) {
    take(filesOfInput(input.files ?? []));
    input.value = ""; // the same file may be chosen again
  }

  return (
    <Paper
      data-testid="drop-zone"
      role="group"
      aria-label={t("upload.drop.label")}
      py={compact ? "sm" : "xl"}
      style={{
        borderStyle: "dashed",
        borderWidth: 2,
        borderColor: over ? "var(--mantine-color-liver-6)" : undefined,
        backgroundColor: over ? "var(--mantine-color-liver-light)" : undefined,
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={drop}
    >
      <Stack align="center" gap="xs">
        {compact ? null : <IconCloudUpload size={38} stroke={1.3} aria-hidden />}
        <Text fw={600}>{t("upload.drop.title")}</Text>
        {compact ? null : (
          <Text size="sm" c="dimmed" ta="center" maw={560}>
            {t("upload.drop.text")}
          </Text>
        )}
        <Group gap="xs" mt={4}>
          <Button onClick={() => files.current?.click()}>{t("upload.drop.files")}</Button>
          <Button variant="default" onClick={() => folder.current?.click()}>
            {t("upload.drop.folder")}
          </Button>
        </Group>
      </Stack>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={t("upload.drop.files")}
        data-testid="file-input"
        onChange={(event) => {
          chosen(event.currentTarget);
        }}
      />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label={t("upload.drop.folder")}
        {...{ webkitdirectory: "" }}
        onChange={(event) => {
          chosen(event.currentTarget);
        }}
      />
    </Paper>
  );
}
