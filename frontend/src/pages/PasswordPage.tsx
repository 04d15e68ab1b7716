import { Button, Center, Paper, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { house } from "~/api/house";
import { sessionQuery } from "~/api/session";
import { ButtonTo } from "~/ui/links";
import { Failed } from "~/ui/states";
import { Notice } from "~/ui/Notice";

const route = getRouteApi("/password");

/** Where the link of an administrator leads: choosing one's own password. */
export function PasswordPage() {
  const { t } = useTranslation();
  const { uid = "", token = "" } = route.useSearch();
  const client = useQueryClient();
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const save = useMutation({
    mutationFn: async () => {
      await client.ensureQueryData(sessionQuery); // brings the CSRF token
      return house.acceptInvitation({ uid, token, password: fresh });
    },
  });
  useEffect(() => {
    document.title = `${t("password.title")} · ${t("common.product")}`;
  }, [t]);
  const differ = again !== "" && again !== fresh;
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper w={420} maw="100%" p="xl" shadow="sm">
        <Stack gap="md">
          <Title order={1}>{t("password.title")}</Title>
          {save.isSuccess ? (
            <>
              <Notice color="green" role="status">
                {t("password.done")}
              </Notice>
              <ButtonTo to="/signin">{t("password.toSignIn")}</ButtonTo>
            </>
          ) : (
            <form
              onSubmit={(event: FormEvent) => {
                event.preventDefault();
                if (fresh === again) save.mutate();
              }}
            >
              <Stack gap="md">
                <Text size="sm" c="dimmed">
                  {t("password.lead")}
                </Text>
                <PasswordInput
                  label={t("password.fresh")}
                  autoComplete="new-password"
                  required
                  withAsterisk={false}
                  autoFocus
                  visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
                  value={fresh}
                  onChange={(event) => {
                    setFresh(event.currentTarget.value);
                  }}
                />
                <PasswordInput
                  label={t("password.again")}
                  autoComplete="new-password"
                  required
                  withAsterisk={false}
                  error={differ ? t("password.differ") : null}
                  visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
                  value={again}
                  onChange={(event) => {
                    setAgain(event.currentTarget.value);
                  }}
                />
                {save.error ? <Failed error={save.error} compact /> : null}
                <Button type="submit" loading={save.isPending} disabled={!fresh || fresh !== again}>
                  {t("password.submit")}
                </Button>
              </Stack>
            </form>
          )}
        </Stack>
      </Paper>
    </Center>
  );
}
