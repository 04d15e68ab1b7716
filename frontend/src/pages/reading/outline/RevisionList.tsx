import { Badge, Group, Paper, ScrollArea, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "~/ui/formats";
import { readingApi, readingQueries } from "../api";
import type { Polygon } from "./geometry";
import type { Origin } from "./journal";

interface RevisionListProps {
  image: string;
  frame: number;
  /** The newest one known here; another number means that there is more to list. */
  revision: number;
  show?: (polygons: Polygon[], origin: Origin) => void;
}

/** Every save; an earlier one is shown on top of the present one, as a change that can be undone. */
export function RevisionList({ image, frame, revision, show }: RevisionListProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const client = useQueryClient();
  const held = useQuery(readingQueries.outlineOf(image, frame)).data;
  const outline = useQuery({ ...readingQueries.outline(held?.id ?? "", revision), enabled: Boolean(held) }).data;
  const revisions = held ? (outline?.revisions ?? []) : [];

  async function put(number: number) {
    if (!held || !show) return;
    const found = await client.fetchQuery({
      queryKey: ["outlines", held.id, "revision", number],
      queryFn: () => readingApi.revision(held.id, number),
      staleTime: Infinity,
    });
    show(found.polygons as Polygon[], "restored");
  }

  return (
    <Paper component="section" aria-labelledby="revisions-title">
      <Stack gap={6}>
        <Title order={2} id="revisions-title">
          {t("outline.history.title")}
        </Title>
        {revisions.length ? null : (
          <Text size="sm" c="dimmed">
            {t("outline.history.none")}
          </Text>
        )}
        {held?.algorithm ? (
          <Text size="sm" data-testid="found-by">
            {t(held.algorithm.changed ? "outlineLists.byChanged" : "outlineLists.by", { name: held.algorithm.name })}
          </Text>
        ) : null}
        {held?.final_revision && held.final_revision !== held.revision ? (
          <Text size="sm">{t("outline.finalInForce", { revision: held.final_revision })}</Text>
        ) : null}
        <ScrollArea.Autosize mah={190} type="auto" scrollbars="y" styles={{ content: { display: "block", minWidth: 0 } }} viewportProps={{ tabIndex: 0, role: "group", "aria-label": t("outline.history.title") }}>
          <Stack gap={2}>
            {revisions.map((row) => (
              <UnstyledButton
                key={row.number}
                disabled={!show}
                data-testid="revision"
                aria-label={t("outline.history.restore", { number: row.number })}
                onClick={() => void put(row.number)}
              >
                <Group justify="space-between" gap={6} wrap="nowrap">
                  <Text size="sm" miw={0} style={{ overflowWrap: "anywhere" }}>
                    {row.number} · {t(`outline.history.origin.${row.origin}`)} · {row.author}
                  </Text>
                  {row.state === "final" ? (
                    <Badge variant="default" tt="none" style={{ flexShrink: 0 }}>
                      {t("outline.finished")}
                    </Badge>
                  ) : (
                    <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
                      {format.clock(row.created_at)}
                    </Text>
                  )}
                </Group>
              </UnstyledButton>
            ))}
          </Stack>
        </ScrollArea.Autosize>
      </Stack>
    </Paper>
  );
}
