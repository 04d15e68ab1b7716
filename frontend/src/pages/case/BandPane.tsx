import { Box, Group, Paper, ScrollArea, Stack, Text, UnstyledButton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { Attention, Band, ExamDetail, ImageRow } from "~/api/types";
import { BandCell } from "~/pages/upload/BandCell";
import { imagesOf } from "./images";
import { WithdrawButton } from "./WithdrawButton";
import { LinkTo } from "~/ui/links";
import { frameAddress } from "~/viewer/frames";
import type { AttentionPicture } from "~/viewer/Overlays";
import { ViewerPane } from "~/viewer/ViewerPane";
import type { View } from "~/viewer/view";

interface BandPaneProps {
  band: Band;
  exam: ExamDetail;
  view: View;
  change: (view: View) => void;
  /** Where the network looked, of every image of the answer, and how strongly it is drawn. */
  attention?: Attention["maps"];
  opacity: number;
  linked: boolean;
  toggleLink: () => void;
}

/** The maps of one image, by the frame that each lies over. */
function overFrames(maps: Attention["maps"], image: string): Map<number, AttentionPicture> {
  const own = maps.filter((map) => map.image === image);
  return new Map(
    own.map(({ frame, picture, x, y, width, height }) => [frame, { href: picture, box: { x, y, width, height } }]),
  );
}

function BandPaneRoot(props: BandPaneProps) {
  const { band, exam, view, change, attention, opacity, linked, toggleLink } = props;
  const { t } = useTranslation();
  const can = useCan();
  const images = imagesOf(exam, band);
  const [chosen, setChosen] = useState<string | null>(null);
  const image = images.find((one) => one.id === chosen) ?? images[0];
  const outlines = useQuery({ ...queries.finalOutlines(image?.id ?? ""), enabled: image !== undefined });
  const looked = attention && image ? overFrames(attention, image.id) : null;

  if (!image) {
    return (
      <Paper h="100%" mih={260} style={{ display: "grid", placeItems: "center" }} data-band={band}>
        <Stack gap={4} align="center" maw={280}>
          <Text fw={600}>{t("case.noImage.title", { band: t(`common.bandLong.${band}`) })}</Text>
          <Text size="sm" c="dimmed" ta="center">
            {t("case.noImage.text")}
          </Text>
        </Stack>
      </Paper>
    );
  }
  return (
    <Stack gap={6}>
      <ViewerPane
        image={image}
        band={band}
        view={view}
        change={change}
        linked={linked}
        toggleLink={toggleLink}
        header={<Override image={image} />}
        outlines={outlines.data}
        attention={looked}
        opacity={opacity}
      />
      <Group gap="sm">
        {can("outlines.create") ? (
          <LinkTo to="/reading/outline/$imageId" params={{ imageId: image.id }} size="sm">
            {t("outline.link")}
          </LinkTo>
        ) : null}
        {can("images.withdraw") ? <WithdrawButton image={image.id} band={band} /> : null}
      </Group>
      {images.length > 1 ? (
        <ScrollArea>
          <Group gap={6} wrap="nowrap" role="group" aria-label={t("case.thumbnails", { band })}>
            {images.map((one, index) => (
              <Thumbnail
                key={one.id}
                image={one}
                number={index + 1}
                current={one.id === image.id}
                choose={() => {
                  setChosen(one.id);
                }}
              />
            ))}
          </Group>
        </ScrollArea>
      ) : null}
    </Stack>
  );
}

interface ThumbnailProps {
  image: ImageRow;
  number: number;
  current: boolean;
  choose: () => void;
}

function Thumbnail({ image, number, current, choose }: ThumbnailProps) {
  const { t } = useTranslation();
  return (
    <UnstyledButton
      onClick={choose}
      aria-pressed={current}
      aria-label={t("case.thumbnail", { number, frames: image.frame_count })}
      style={{
        border: `2px solid ${current ? "var(--mantine-color-liver-5)" : "transparent"}`,
        borderRadius: 6,
        lineHeight: 0,
        position: "relative",
      }}
    >
      <Box
        component="img"
        src={frameAddress(image.id, 0)}
        alt=""
        loading="lazy"
        fetchPriority="low"
        w={72}
        h={54}
        bg="black"
        style={{ objectFit: "contain", borderRadius: 4 }}
      />
      {image.frame_count > 1 ? (
        <Text size="xs" c="#fff" pos="absolute" right={4} bottom={3} px={3} style={{ background: "rgba(0,0,0,.75)", borderRadius: 3, lineHeight: 1.3 }}>
          {image.frame_count}
        </Text>
      ) : null}
    </UnstyledButton>
  );
}

/** The band of a stored image with its evidence; a correction moves it to the other pane. */
function Override({ image }: { image: ImageRow }) {
  const can = useCan();
  const client = useQueryClient();
  return (
    <BandCell
      imageId={image.id}
      name={image.id.slice(0, 8)}
      band={image.band ?? ""}
      confidence={image.band_confidence}
      evidence={image.band_evidence}
      manual={image.band_source === "manual"}
      mayChange={can("images.partial_update")}
      changed={() => {
        void client.invalidateQueries({ queryKey: ["exams"] });
      }}
    />
  );
}

export const BandPane = Object.assign(BandPaneRoot, { Override });
