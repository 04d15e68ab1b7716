import { Anchor, Box, Button, FileButton, Group, Paper, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ImageRow } from "~/api/types";
import { useFormats } from "~/ui/formats";
import { Failed } from "~/ui/states";
import { offerUndo } from "~/ui/undo";
import { frameAddress } from "~/viewer/frames";
import { exportAddress, readingApi, readingQueries } from "../api";
import type { Polygon } from "./geometry";
import type { Algorithm } from "./journal";

interface FilesProps {
  image: ImageRow;
  frame: number;
  mayDraw: boolean;
  revision: number;
  open: (polygons: Polygon[], layout: string, algorithm: Algorithm | null) => void;
  show: (next: { image?: string; frame?: number }) => void;
  again: () => Promise<void>;
}

/** In and out of other programs, the trash, and the way to the other images of the exam. */
export function OutlineFiles({ image, frame, mayDraw, revision, open, show, again }: FilesProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const held = useQuery(readingQueries.outlineOf(image.id, frame)).data;
  const trash = useQuery(readingQueries.trash(image.id, frame)).data ?? [];
  const others = useQuery(readingQueries.images(image.exam)).data?.results ?? [];
  const parse = useMutation({
    mutationFn: (file: File) => readingApi.parseOutline(image.id, frame, file),
    onSuccess: ({ polygons, layout, algorithm }) => {
      open(polygons, layout, algorithm);
    },
  });
  const discard = useMutation({
    mutationFn: (id: string) => readingApi.trashOutline(id),
    onSuccess: async (_gone, id) => {
      await again();
      offerUndo({ text: t("removed.outline"), undo: () => readingApi.restoreOutline(id).then(again) });
    },
  });
  const restore = useMutation({ mutationFn: (id: string) => readingApi.restoreOutline(id), onSuccess: again });
  const error = parse.error ?? discard.error ?? restore.error;

  return (
    <Paper component="section" aria-labelledby="files-title">
      <Stack gap="xs">
        <Title order={2} id="files-title">
          {t("outline.files.title")}
        </Title>
        {mayDraw ? (
          <Group gap="xs">
            <FileButton
              accept="application/json,.json,application/dicom,.dcm"
              inputProps={{ "aria-label": t("outline.files.import") }}
              onChange={(file) => {
                if (file) parse.mutate(file);
              }}
            >
              {(props) => (
                <Button {...props} size="xs" variant="default" loading={parse.isPending}>
                  {t("outline.files.import")}
                </Button>
              )}
            </FileButton>
            {held ? (
              <Button
                size="xs"
                variant="default"
                loading={discard.isPending}
                onClick={() => {
                  discard.mutate(held.id);
                }}
              >
                {t("outline.files.throwAway")}
              </Button>
            ) : null}
          </Group>
        ) : null}
        {mayDraw && revision ? (
          <Group gap="md">
            <Anchor href={exportAddress("labelme", image.id)} download>
              {t("outline.files.labelme")}
            </Anchor>
            <Anchor href={exportAddress("coco", image.id)} download>
              {t("outline.files.coco")}
            </Anchor>
            <Anchor href={exportAddress("seg", image.id)} download>
              {t("outline.files.seg")}
            </Anchor>
          </Group>
        ) : null}
        {mayDraw
          ? trash.slice(0, 3).map((one) => (
              <Group key={one.id} gap="xs" justify="space-between" data-testid="trashed-outline">
                <Text size="sm">{t("outline.files.fromTrash", { when: format.moment(one.trashed_at) })}</Text>
                <Button
                  size="compact-xs"
                  variant="default"
                  disabled={Boolean(held)}
                  onClick={() => {
                    restore.mutate(one.id);
                  }}
                >
                  {t("outline.files.undo")}
                </Button>
              </Group>
            ))
          : null}
        {error ? <Failed error={error} compact /> : null}
        {others.length > 1 ? (
          <Group gap={6} role="group" aria-label={t("outline.images")}>
            {others.map((one, index) => (
              <UnstyledButton
                key={one.id}
                aria-current={one.id === image.id}
                aria-label={t("outline.image", { band: one.band ?? "", number: index + 1 })}
                onClick={() => {
                  show({ image: one.id });
                }}
                style={{
                  border: `2px solid ${one.id === image.id ? "var(--mantine-color-liver-5)" : "transparent"}`,
                  borderRadius: 6,
                  lineHeight: 0,
                }}
              >
                <Box component="img" src={frameAddress(one.id, 0)} alt="" loading="lazy" w={60} h={45} bg="black" style={{ objectFit: "contain", borderRadius: 4 }} />
              </UnstyledButton>
            ))}
          </Group>
        ) : null}
      </Stack>
    </Paper>
  );
}
