import { Paper, Table, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import { lookUp } from "~/i18n";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Empty, Failed, Loading } from "~/ui/states";

export function EarlierUploads() {
  const { t } = useTranslation();
  const format = useFormats();
  const list = useQuery(queries.uploads());
  if (list.isPending) return <Loading rows={3} />;
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (!list.data.results.length) return <Empty title={t("upload.none.title")}>{t("upload.none.text")}</Empty>;
  return (
    <Paper component="section">
      <Title order={2} mb="xs">
        {t("upload.earlier")}
      </Title>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("upload.when")}</Table.Th>
            <Table.Th>{t("upload.source")}</Table.Th>
            <Table.Th>{t("common.site")}</Table.Th>
            <Table.Th>{t("upload.results")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.data.results.map((upload) => (
            <Table.Tr key={upload.id}>
              <Table.Td>
                <LinkTo to="/upload" search={{ upload: upload.id }}>
                  {format.moment(upload.created_at)}
                </LinkTo>
              </Table.Td>
              <Table.Td>{lookUp(`upload.sources.${upload.source}`) ?? upload.source}</Table.Td>
              <Table.Td>{upload.site}</Table.Td>
              <Table.Td>
                {Object.entries(upload.counts)
                  .filter(([, count]) => count > 0)
                  .map(([outcome, count]) => `${lookUp(`upload.outcome.${outcome}`) ?? outcome} ${count}`)
                  .join(" · ")}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}
