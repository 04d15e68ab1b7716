import { Badge, Group, Paper, ScrollArea, Table, Text, Title } from "@mantine/core";
import { IconStar } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { useCan } from "~/api/session";
import type { ModelVersion } from "~/api/types";
import { lookUp } from "~/i18n";
import { SimulatedBadge } from "~/ui/badges";
import { useFormats } from "~/ui/formats";
import { ButtonTo, LinkTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { WithheldCell } from "~/ui/Withheld";
import { ImportModel } from "./ImportModel";
import { Promote } from "./Promote";
import { RollBack } from "./RollBack";

export function AliasBadge({ alias }: { alias: string }) {
  return (
    <Badge
      variant={alias === "champion" ? "filled" : "default"}
      tt="none"
      leftSection={alias === "champion" ? <IconStar size={12} aria-hidden /> : null}
      data-alias={alias}
    >
      {lookUp(`models.alias.${alias}`) ?? alias}
    </Badge>
  );
}

export function ModelsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const models = useQuery(queries.models());
  const rows = models.data?.results ?? [];
  const champion = rows.find((model) => model.aliases.includes("champion"));
  return (
    <Page
      title={t("models.title")}
      lead={t("models.lead")}
      actions={
        <>
          {can("models.import_") ? <ImportModel /> : null}
          {can("models.rollback") && champion ? <RollBack /> : null}
        </>
      }
    >
      {models.isPending ? <Loading /> : null}
      {models.error ? <Failed error={models.error} retry={() => void models.refetch()} /> : null}
      {models.data && !rows.length ? (
        <Empty
          title={t("models.none.title")}
          action={can("runs.create") ? <ButtonTo to="/runs/new">{t("runs.launch")}</ButtonTo> : null}
        >
          {t("models.none.text")}
        </Empty>
      ) : null}
      {rows.length ? (
        <>
          <Paper>
            <Title order={2}>{t("models.championTitle")}</Title>
            {champion ? (
              <Group gap="sm">
                <LinkTo to="/models/$modelId" params={{ modelId: champion.id }}>
                  {champion.name}
                </LinkTo>
                <Text size="sm" c="dimmed">
                  {t("models.championText")}
                </Text>
              </Group>
            ) : (
              <Text size="sm">{t("models.noChampion")}</Text>
            )}
          </Paper>
          <Paper p={0}>
            <ScrollArea>
              <Table highlightOnHover miw={900} horizontalSpacing="xs" data-testid="models">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("models.name")}</Table.Th>
                    <Table.Th>{t("models.aliases")}</Table.Th>
                    <Table.Th>{t("models.architecture")}</Table.Th>
                    <Table.Th>{t("models.protocol")}</Table.Th>
                    <Table.Th ta="right">{t("metrics.accuracy")}</Table.Th>
                    <Table.Th ta="right">{t("metrics.auc_macro")}</Table.Th>
                    <Table.Th>{t("common.created")}</Table.Th>
                    <Table.Th ta="right">{t("common.action")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {rows.map((model) => (
                    <Row key={model.id} model={model} />
                  ))}
                </Table.Tbody>
              </Table>
            </ScrollArea>
          </Paper>
        </>
      ) : null}
    </Page>
  );
}

function Row({ model }: { model: ModelVersion }) {
  const format = useFormats();
  return (
    <Table.Tr data-model={model.id}>
      <Table.Td>
        <Group gap="xs">
          <LinkTo to="/models/$modelId" params={{ modelId: model.id }} fw={600}>
            {model.name}
          </LinkTo>
          {model.simulated ? <SimulatedBadge /> : null}
        </Group>
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          {model.aliases.map((alias) => (
            <AliasBadge key={alias} alias={alias} />
          ))}
        </Group>
      </Table.Td>
      <Table.Td>{lookUp(`spec.architecture.options.${model.architecture}`) ?? model.architecture}</Table.Td>
      <Table.Td>{lookUp(`spec.protocol.options.${model.protocol}`) ?? model.protocol}</Table.Td>
      <Table.Td ta="right">{model.withheld ? <WithheldCell /> : format.percent(model.metrics.accuracy?.value)}</Table.Td>
      <Table.Td ta="right">{model.withheld ? <WithheldCell /> : format.decimal(model.metrics.auc_macro?.value, 3)}</Table.Td>
      <Table.Td title={format.moment(model.created_at)} style={{ whiteSpace: "nowrap" }}>
        {format.date(model.created_at)}
      </Table.Td>
      <Table.Td ta="right">
        <Promote model={model} compact />
      </Table.Td>
    </Table.Tr>
  );
}
