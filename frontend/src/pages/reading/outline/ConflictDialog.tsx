import { Box, Button, SimpleGrid, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ImageRow } from "~/api/types";
import { Dialog } from "~/ui/Dialog";
import { NOTHING, useFormats } from "~/ui/formats";
import { frameAddress } from "~/viewer/frames";
import { pointsOf, type Polygon } from "./geometry";
import type { SaverView } from "./saver";

interface ConflictProps {
  image: ImageRow;
  frame: number;
  saving: SaverView;
  mine: Polygon[];
  opened: boolean;
  close: () => void;
  resolve: (choice: "mine" | "theirs") => void;
}

/** Both versions beside each other on the picture; whichever is chosen, the other can be had again. */
export function ConflictDialog({ image, frame, saving, mine, opened, close, resolve }: ConflictProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const { theirs } = saving;
  return (
    <Dialog opened={opened} close={close} title={t("outline.conflict.title")} size="lg">
      <Text size="sm" mb="sm">
        {t("outline.conflict.text")}
      </Text>
      <SimpleGrid cols={2} data-testid="conflict">
        <Stack gap={6}>
          <Text size="sm" fw={600}>
            {theirs
              ? t("outline.conflict.theirs", { author: theirs.author ?? NOTHING, revision: theirs.revision })
              : t("outline.conflict.gone")}
          </Text>
          <Preview image={image} frame={frame} polygons={(theirs?.polygons ?? []) as Polygon[]} />
          <Text size="xs" c="dimmed">
            {format.moment(theirs?.updated_at)}
          </Text>
          <Button
            variant="default"
            onClick={() => {
              resolve("theirs");
            }}
          >
            {t("outline.conflict.takeTheirs")}
          </Button>
        </Stack>
        <Stack gap={6}>
          <Text size="sm" fw={600}>
            {t("outline.conflict.mine")}
          </Text>
          <Preview image={image} frame={frame} polygons={mine} />
          <Text size="xs" c="dimmed">
            {t("outline.polygons", { count: mine.length })}
          </Text>
          <Button
            variant="default"
            onClick={() => {
              resolve("mine");
            }}
          >
            {t("outline.conflict.takeMine")}
          </Button>
        </Stack>
      </SimpleGrid>
    </Dialog>
  );
}

function Preview({ image, frame, polygons }: { image: ImageRow; frame: number; polygons: Polygon[] }) {
  return (
    <Box pos="relative" bg="black" style={{ aspectRatio: `${image.columns} / ${image.rows}`, overflow: "hidden" }}>
      <Box component="img" src={frameAddress(image.id, frame)} alt="" w="100%" h="100%" pos="absolute" inset={0} />
      <svg viewBox={`0 0 ${image.columns} ${image.rows}`} style={{ position: "absolute", inset: 0 }} width="100%" height="100%" aria-hidden>
        {polygons.map((polygon, index) => (
          <polygon key={index} points={pointsOf(polygon)} fill="#ffd43b" fillOpacity={0.25} stroke="#ffd43b" strokeWidth={image.columns / 250} />
        ))}
      </svg>
    </Box>
  );
}
