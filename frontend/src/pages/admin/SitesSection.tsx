import { Button, Group, Paper, Stack, Table, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { house, type SiteRow } from "~/api/house";
import { Failed } from "~/ui/states";

/** Hospitals and departments: add one, give one another name. The code stays. */
export function SitesSection({ sites }: { sites: readonly SiteRow[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const [name, setName] = useState("");
  const [renaming, setRenaming] = useState<SiteRow | null>(null);
  const refresh = async () => {
    setCode("");
    setName("");
    setRenaming(null);
    await client.invalidateQueries({ queryKey: ["sites"] });
  };
  const save = useMutation({
    mutationFn: () => (renaming ? house.renameSite(renaming.id, name) : house.makeSite({ code, name })),
    onSuccess: refresh,
  });
  return (
    <Paper component="section" p="md" aria-label={t("people.sitesTitle")}>
      <Stack gap="sm">
        <Title order={2}>{t("people.sitesTitle")}</Title>
        <Table data-testid="sites">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("people.code")}</Table.Th>
              <Table.Th>{t("people.name")}</Table.Th>
              <Table.Th>{t("common.action")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sites.map((site) => (
              <Table.Tr key={site.id}>
                <Table.Td>{site.code}</Table.Td>
                <Table.Td>{site.name}</Table.Td>
                <Table.Td>
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => {
                      setRenaming(site);
                      setName(site.name);
                    }}
                  >
                    {t("people.rename")}
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <form
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Group align="flex-end" gap="sm">
            <TextInput
              w={200}
              label={t("people.code")}
              description={t("people.codeHint")}
              required
              withAsterisk={false}
              maxLength={20}
              disabled={renaming !== null}
              value={renaming?.code ?? code}
              onChange={(event) => {
                setCode(event.currentTarget.value);
              }}
            />
            <TextInput
              w={320}
              label={t("people.name")}
              required
              withAsterisk={false}
              maxLength={120}
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
              }}
            />
            <Button type="submit" variant="default" loading={save.isPending}>
              {renaming ? t("people.rename") : t("people.addSite")}
            </Button>
          </Group>
        </form>
        {save.error ? <Failed error={save.error} compact /> : null}
      </Stack>
    </Paper>
  );
}
