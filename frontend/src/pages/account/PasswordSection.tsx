import { Button, Group, PasswordInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { house } from "~/api/house";
import { sessionQuery } from "~/api/session";
import { Failed } from "~/ui/states";
import { Notice } from "~/ui/Notice";
import { Section } from "./Section";

export function PasswordSection() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const change = useMutation({
    mutationFn: () => house.changePassword({ old, new: fresh }),
    onSuccess: async () => {
      setOld("");
      setFresh("");
      await client.fetchQuery({ ...sessionQuery, staleTime: 0 }); // the CSRF token is renewed with the password
      await client.invalidateQueries({ queryKey: ["account"] });
    },
  });
  return (
    <Section title={t("account.changePassword")}>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <Group align="flex-end" gap="sm">
          <PasswordInput
            w={240}
            label={t("account.presentPassword")}
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
            value={old}
            onChange={(event) => {
              setOld(event.currentTarget.value);
            }}
          />
          <PasswordInput
            w={240}
            label={t("password.fresh")}
            autoComplete="new-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
            value={fresh}
            onChange={(event) => {
              setFresh(event.currentTarget.value);
            }}
          />
          <Button type="submit" variant="default" loading={change.isPending}>
            {t("account.changePassword")}
          </Button>
        </Group>
      </form>
      {change.error ? <Failed error={change.error} compact /> : null}
      {change.isSuccess ? (
        <Notice color="green" role="status">
          {t("account.passwordChanged")}
        </Notice>
      ) : null}
    </Section>
  );
}
