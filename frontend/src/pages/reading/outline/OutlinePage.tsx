import { Group, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/problem";
import type { ImageRow } from "~/api/types";
import { BandBadge, SimulatedBadge } from "~/ui/badges";
import { ButtonTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { readingQueries } from "../api";
import { OutlineEditor } from "./OutlineEditor";

const route = getRouteApi("/shell/reading/outline/$imageId");

export function OutlinePage() {
  const { t } = useTranslation();
  const { imageId } = route.useParams();
  const image = useQuery(readingQueries.image(imageId));
  const title = t("outline.title");
  if (image.isPending) {
    return (
      <Page title={title}>
        <Loading rows={3} height={160} />
      </Page>
    );
  }
  if (image.error) {
    const gone = image.error instanceof ApiProblem && image.error.status === 404;
    return (
      <Page title={title}>
        {gone ? (
          <Empty title={t("outline.gone.title")} action={<ButtonTo to="/worklist">{t("outline.gone.action")}</ButtonTo>}>
            {t("outline.gone.text")}
          </Empty>
        ) : (
          <Failed error={image.error} retry={() => void image.refetch()} />
        )}
      </Page>
    );
  }
  return <Outlining image={image.data} />;
}

function Outlining({ image }: { image: ImageRow }) {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const frame = Math.min(image.frame_count, search.frame ?? 1) - 1;
  const outline = useQuery(readingQueries.outlineOf(image.id, frame));
  const client = useQueryClient();
  const [round, setRound] = useState(0);

  async function again() {
    await client.invalidateQueries({ queryKey: ["outlines"] });
    setRound((before) => before + 1);
  }

  function show(next: { image?: string; frame?: number }) {
    void navigate({
      to: "/reading/outline/$imageId",
      params: { imageId: next.image ?? image.id },
      search: { frame: next.frame ? next.frame + 1 : undefined },
    });
  }

  return (
    <Page
      wide
      title={t("outline.title")}
      beside={
        <Group gap="xs">
          <BandBadge band={image.band ?? ""} />
          {image.simulated ? <SimulatedBadge /> : null}
          {image.frame_count > 1 ? (
            <Text size="sm" c="dimmed">
              {t("outline.frame", { frame: frame + 1, count: image.frame_count })}
            </Text>
          ) : null}
        </Group>
      }
      lead={t("outline.lead")}
      actions={
        <ButtonTo variant="default" to="/cases/$examId" params={{ examId: image.exam }}>
          {t("outline.case")}
        </ButtonTo>
      }
    >
      {/* Without a network the editor opens all the same: what was drawn before lies in this browser. */}
      {outline.isPending && outline.fetchStatus !== "paused" ? (
        <Loading rows={3} height={160} />
      ) : outline.data === undefined && !(outline.error instanceof ApiProblem && outline.error.status === 0) && outline.error ? (
        <Failed error={outline.error} retry={() => void outline.refetch()} />
      ) : (
        <OutlineEditor
          key={`${image.id}/${frame}/${round}`}
          image={image}
          frame={frame}
          first={outline.data ?? null}
          show={show}
          again={again}
        />
      )}
    </Page>
  );
}
