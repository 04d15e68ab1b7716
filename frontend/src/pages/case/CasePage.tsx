import { Box, Grid, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/problem";
import { queries } from "~/api/queries";
import type { Band, ExamDetail } from "~/api/types";
import { SimulatedBadge } from "~/ui/badges";
import { NOTHING, useFormats } from "~/ui/formats";
import { ButtonTo, LinkTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { NEUTRAL, type View } from "~/viewer/view";
import { AttentionPanel } from "./AttentionPanel";
import { BandPane } from "./BandPane";
import { CropView } from "./CropView";
import { EarlierExams } from "./EarlierExams";
import { NextCase } from "./NextCase";
import { PathologyPanel } from "./PathologyPanel";
import { ReportsPanel } from "./ReportsPanel";
import { ReviewPanel } from "./ReviewPanel";
import { SerumPanel } from "./SerumPanel";
import { StagingPanel } from "./StagingPanel";

const route = getRouteApi("/shell/cases/$examId");

export function CasePage() {
  const { t } = useTranslation();
  const { examId } = route.useParams();
  const exam = useQuery(queries.exam(examId));
  if (exam.isPending) {
    return (
      <Page title={t("case.title")}>
        <Loading rows={3} height={160} />
      </Page>
    );
  }
  if (exam.error) {
    const gone = exam.error instanceof ApiProblem && exam.error.status === 404;
    return (
      <Page title={t("case.title")}>
        {gone ? (
          <Empty title={t("case.gone.title")} action={<ButtonTo to="/worklist">{t("case.gone.action")}</ButtonTo>}>
            {t("case.gone.text")}
          </Empty>
        ) : (
          <Failed error={exam.error} retry={() => void exam.refetch()} />
        )}
      </Page>
    );
  }
  return <Case key={examId} exam={exam.data} />;
}

function Case({ exam }: { exam: ExamDetail }) {
  const { t } = useTranslation();
  const format = useFormats();
  const [linked, setLinked] = useState(false);
  const [views, setViews] = useState<Record<Band, View>>({ HF: NEUTRAL, LF: NEUTRAL });
  const [opacity, setOpacity] = useState(0.5);
  const answered = exam.stagings.find((one) => one.state === "succeeded" && one.result);
  const attention = useQuery({ ...queries.attention(answered?.id ?? ""), enabled: answered !== undefined });
  const { patient } = exam;
  const known = patient.sex === "M" || patient.sex === "F" || patient.sex === "O";
  const facts = [
    known ? t(`common.sex.${patient.sex as "M" | "F" | "O"}`) : NOTHING,
    patient.age_years === null ? NOTHING : t("common.years", { count: patient.age_years }),
    patient.site.name || patient.site.code,
    format.date(exam.exam_date),
  ];

  function change(band: Band, view: View) {
    setViews((held) => {
      if (!linked) return { ...held, [band]: view };
      const { window, level, zoom, inverted } = view;
      const other: Band = band === "HF" ? "LF" : "HF";
      const follows = zoom === 1 && view.centreX === 0.5 ? NEUTRAL : held[other];
      return { [band]: view, [other]: { ...follows, window, level, zoom, inverted } } as Record<Band, View>;
    });
  }

  return (
    <Page
      wide
      title={patient.pseudonym}
      beside={
        <>
          <Text size="sm" c="dimmed">
            {facts.join(" · ")}
          </Text>
          {patient.simulated ? <SimulatedBadge /> : null}
          <LinkTo size="sm" to="/patients/$patientId" params={{ patientId: patient.id }}>
            {t("patient.open")}
          </LinkTo>
          <NextCase key={exam.id} exam={exam.id} />
        </>
      }
    >
      <Box style={{ display: "grid", gap: 12, gridTemplateColumns: "minmax(0, 1fr)" }}>
        <Grid gap="sm">
          <Grid.Col span={{ base: 12, md: 8, xl: 9 }}>
            <Grid gap="sm">
              {(["HF", "LF"] as const).map((band) => (
                <Grid.Col key={band} span={{ base: 12, sm: 6 }}>
                  <BandPane
                    band={band}
                    exam={exam}
                    view={views[band]}
                    change={(view) => {
                      change(band, view);
                    }}
                    attention={attention.data?.maps}
                    opacity={opacity}
                    linked={linked}
                    toggleLink={() => {
                      setLinked(!linked);
                    }}
                  />
                </Grid.Col>
              ))}
            </Grid>
            <Unsorted exam={exam} />
            {answered ? <CropView exam={exam} staging={answered} /> : null}
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 4, xl: 3 }}>
            <Stack gap="sm">
              <StagingPanel exam={exam} />
              {answered ? <AttentionPanel staging={answered.id} opacity={opacity} setOpacity={setOpacity} /> : null}
              <ReviewPanel exam={exam} />
              <ReportsPanel exam={exam} />
              <SerumPanel exam={exam} />
              <PathologyPanel exam={exam} />
              <EarlierExams exam={exam} />
            </Stack>
          </Grid.Col>
        </Grid>
      </Box>
    </Page>
  );
}

/** Images whose band nobody knows yet: they are in neither pane until someone says. */
function Unsorted({ exam }: { exam: ExamDetail }) {
  const { t } = useTranslation();
  const unsorted = exam.images.filter((image) => !image.band);
  if (!unsorted.length) return null;
  return (
    <Group mt="sm" gap="sm">
      <Text size="sm">{t("case.unsorted", { count: unsorted.length })}</Text>
      {unsorted.map((image) => (
        <BandPane.Override key={image.id} image={image} />
      ))}
    </Group>
  );
}
