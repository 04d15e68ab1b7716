import { Grid, Group, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import type { Band, ExamDetail } from "~/api/types";
import { BandPane } from "~/pages/case/BandPane";
import { warmFirstFrames } from "~/pages/case/images";
import { SimulatedBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { ButtonTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { NEUTRAL, type View } from "~/viewer/view";
import { readingQueries } from "./api";
import { ReadPanel } from "./ReadPanel";

const route = getRouteApi("/shell/reading/read");

/** One exam after the other, both bands side by side; the next one is on its way while this one is read. */
export function ReadPage() {
  const { t } = useTranslation();
  const format = useFormats();
  const client = useQueryClient();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const kind = search.kind ?? "quality";
  const order = search.order ?? "assigned";
  const queue = useQuery({ ...readingQueries.queue(kind, order), staleTime: 30_000 });
  const rows = queue.data?.rows ?? [];
  const place = Math.max(0, rows.findIndex((row) => row.exam.id === search.exam));
  const current = rows[place];
  const next = rows[(place + 1) % Math.max(1, rows.length)];
  const exam = useQuery({ ...queries.exam(current?.exam.id ?? ""), enabled: Boolean(current) });
  const nextId = next && next !== current ? next.exam.id : null;

  useEffect(() => {
    if (nextId && exam.data) {
      void client.ensureQueryData(queries.exam(nextId)).then(warmFirstFrames, () => undefined);
    }
  }, [client, nextId, exam.data]);

  function goOn() {
    void navigate({ search: (held) => ({ ...held, exam: nextId ?? undefined }), replace: true });
  }

  const title = t(`reading.kind.${kind}`);
  return (
    <Page
      wide
      title={title}
      beside={
        current ? (
          <Group gap="xs">
            <Text size="sm" c="dimmed" data-testid="read-place">
              {t("reading.place", { place: place + 1, count: rows.length })} · {current.exam.pseudonym} ·{" "}
              {format.date(current.exam.exam_date)}
            </Text>
            {current.exam.simulated ? <SimulatedBadge /> : null}
          </Group>
        ) : null
      }
      actions={
        <ButtonTo variant="default" to="/reading" search={{ kind, order }}>
          {t("reading.back")}
        </ButtonTo>
      }
    >
      {queue.isPending || (current && exam.isPending) ? <Loading rows={3} height={160} /> : null}
      {queue.error ?? exam.error ? <Failed error={queue.error ?? exam.error} retry={() => void queue.refetch()} /> : null}
      {queue.data && !current ? (
        <Empty title={t("reading.none.title")} action={<ButtonTo to="/reading">{t("reading.back")}</ButtonTo>}>
          {t("reading.none.text")}
        </Empty>
      ) : null}
      {current && exam.data ? (
        <Reading
          key={`${kind}/${current.exam.id}`}
          exam={exam.data}
          kind={kind}
          skip={goOn}
          locked={async () => {
            goOn();
            await client.invalidateQueries({ queryKey: ["reads"] });
            void client.invalidateQueries({ queryKey: ["exams"] });
          }}
        />
      ) : null}
    </Page>
  );
}

interface ReadingProps {
  exam: ExamDetail;
  kind: "quality" | "stage";
  skip: () => void;
  locked: () => Promise<void>;
}

function Reading({ exam, kind, skip, locked }: ReadingProps) {
  const [linked, setLinked] = useState(false);
  const [views, setViews] = useState<Record<Band, View>>({ HF: NEUTRAL, LF: NEUTRAL });
  return (
    <Grid gap="sm">
      {(["HF", "LF"] as const).map((band) => (
        <Grid.Col key={band} span={{ base: 12, sm: 6, md: 4.5 }}>
          <BandPane
            band={band}
            exam={exam}
            view={views[band]}
            change={(view) => {
              setViews((held) => (linked ? { HF: view, LF: view } : { ...held, [band]: view }));
            }}
            linked={linked}
            opacity={0}
            toggleLink={() => {
              setLinked(!linked);
            }}
          />
        </Grid.Col>
      ))}
      <Grid.Col span={{ base: 12, md: 3 }}>
        <ReadPanel exam={exam.id} kind={kind} skip={skip} locked={locked} />
      </Grid.Col>
    </Grid>
  );
}
