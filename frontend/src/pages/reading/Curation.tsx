import { Badge, Group, Paper, ScrollArea, SegmentedControl, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { BandBadge, StageBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Failed, Loading } from "~/ui/states";
import { CURATION_LISTS, type CurationList, readingQueries } from "./api";

const route = getRouteApi("/shell/reading");

/** What is doubtful or incomplete, each row a way to where it is put right: the case, or the patient's values. */
export function Curation() {
  const { t } = useTranslation();
  const format = useFormats();
  const navigate = route.useNavigate();
  const list = route.useSearch().list ?? "suspicious";
  const found = useQuery(readingQueries.curation(list));
  const rows = found.data ?? [];
  return (
    <Paper component="section" aria-labelledby="curation-title" data-testid="curation">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} id="curation-title">
            {t("reading.curation.title")}
          </Title>
          <SegmentedControl
            size="xs"
            aria-labelledby="curation-title"
            value={list}
            data={CURATION_LISTS.map((value) => ({ value, label: t(`reading.curation.list.${value}`) }))}
            onChange={(value) => {
              void navigate({ search: (held) => ({ ...held, list: value as CurationList }), resetScroll: false });
            }}
          />
        </Group>
        <Text size="sm" c="dimmed">
          {t(`reading.curation.lead.${list}`)} {rows.length ? t(`reading.curation.open.${list === "missing-serum" ? "patient" : "case"}`) : null}
        </Text>
        {found.isPending ? <Loading rows={3} /> : null}
        {found.error ? <Failed error={found.error} compact /> : null}
        {found.data && !rows.length ? <Text size="sm" data-list={list}>{t(`reading.curation.none.${list}`)}</Text> : null}
        {rows.length ? (
          <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, role: "region", "aria-label": t(`reading.curation.list.${list}`) }}>
            <Table miw={560} data-list={list}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("common.patient")}</Table.Th>
                  <Table.Th>{t("common.site")}</Table.Th>
                  <Table.Th>{t("worklist.column.bands")}</Table.Th>
                  {list === "suspicious" ? (
                    <>
                      <Table.Th>{t("worklist.column.pathology")}</Table.Th>
                      <Table.Th>{t("worklist.column.model")}</Table.Th>
                    </>
                  ) : (
                    <Table.Th>{t("reading.curation.missing")}</Table.Th>
                  )}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Table.Tr key={row.exam} data-exam={row.exam}>
                    <Table.Td>
                      {list === "missing-serum" ? (
                        <LinkTo to="/patients/$patientId" params={{ patientId: row.patient }} fw={600}>
                          {row.pseudonym}
                        </LinkTo>
                      ) : (
                        <LinkTo to="/cases/$examId" params={{ examId: row.exam }} fw={600}>
                          {row.pseudonym}
                        </LinkTo>
                      )}
                    </Table.Td>
                    <Table.Td>{row.site}</Table.Td>
                    <Table.Td>
                      <Group gap={4}>
                        {row.bands.map((band) => (
                          <BandBadge key={band} band={band} />
                        ))}
                      </Group>
                    </Table.Td>
                    {list === "suspicious" ? (
                      <>
                        <Table.Td>
                          <StageBadge stage={row.recorded} />
                        </Table.Td>
                        <Table.Td>
                          <Group gap={8}>
                            <StageBadge stage={row.answered} />
                            <Text size="sm">{format.percent(row.confidence)}</Text>
                            {row.in_training ? (
                              <Badge variant="default" tt="none">
                                {t("reading.curation.learnt")}
                              </Badge>
                            ) : null}
                          </Group>
                        </Table.Td>
                      </>
                    ) : (
                      <Table.Td>
                        <Text size="sm">{row.missing.map((name) => t(`reading.curation.value.${name as "HF"}`)).join(", ")}</Text>
                      </Table.Td>
                    )}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea.Autosize>
        ) : null}
      </Stack>
    </Paper>
  );
}
