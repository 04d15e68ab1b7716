import { Box as Area, Group, Image, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { QuarantineItem } from "~/api/types";
import { Failed } from "~/ui/states";
import { type Box, written } from "./boxes";
import { useLatePicture } from "./latePicture";

export function beforeAddress(item: string, frame: number, width?: number): string {
  return `/api/v1/quarantine/${item}/frames/${frame}/before/${width ? `?width=${width}` : ""}`;
}

export function afterAddress(item: string, frame: number, boxes: { keep?: Box[]; masks?: Box[] }, width?: number): string {
  const query = new URLSearchParams();
  if (boxes.keep?.length) query.set("keep", written(boxes.keep));
  if (boxes.masks?.length) query.set("masks", written(boxes.masks));
  if (width) query.set("width", String(width));
  return `/api/v1/quarantine/${item}/frames/${frame}/after/?${query.toString()}`;
}

const WIDTH = 260;

interface PictureProps {
  source: string;
  alt: string;
  w?: number;
  maw?: string;
  loading?: "lazy" | "eager";
  "data-testid"?: string;
}

/** A picture, or why there is none. */
export function Picture({ source, alt, w, maw, ...rest }: PictureProps) {
  const { address, problem, onError, again } = useLatePicture(source);
  if (problem) {
    return (
      <Area w={w} maw={maw}>
        <Failed error={problem} retry={again} compact />
      </Area>
    );
  }
  return <Image src={address} alt={alt} w={w} maw={maw} radius="sm" onError={onError} {...rest} />;
}

/** Before and after, side by side, of the first frame that the reader looked at. */
export function Strip({ item, boxes }: { item: QuarantineItem; boxes?: { keep?: Box[]; masks?: Box[] } }) {
  const { t } = useTranslation();
  if (!item.look || !item.has_original) {
    return (
      <Text size="sm" c="dimmed">
        {t("quarantine.noPicture")}
      </Text>
    );
  }
  const frame = item.look.shown_frames[0] ?? 0;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Area>
        <Picture
          source={beforeAddress(item.id, frame, 2 * WIDTH)}
          alt={t("quarantine.before", { frame: frame + 1 })}
          w={WIDTH}
          maw="42vw"
          loading="lazy"
        />
      </Area>
      <Area>
        <Picture
          source={afterAddress(item.id, frame, boxes ?? {}, 2 * WIDTH)}
          alt={t("quarantine.after", { frame: frame + 1 })}
          w={WIDTH}
          maw="42vw"
          loading="lazy"
        />
      </Area>
    </Group>
  );
}
