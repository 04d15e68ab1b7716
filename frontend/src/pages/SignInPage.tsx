import { Button, Center, Divider, Group, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "@tanstack/react-query";
import { ApiProblem } from "~/api/problem";
import { sessionQuery, useSignIn } from "~/api/session";
import { LanguageMenu, SchemeMenu } from "~/shell/Preferences";
import { Mark } from "~/shell/Mark";
import { Failed, FailureAlert } from "~/ui/states";

const route = getRouteApi("/signin");

export function SignInPage() {
  const { t } = useTranslation();
  const { next, problem } = route.useSearch();
  const router = useRouter();
  const signIn = useSignIn();
  const session = useQuery(sessionQuery);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const provider = session.data?.provider;
  const asked = signIn.error instanceof ApiProblem && signIn.error.code === "second-factor-needed";
  const [wantsCode, setWantsCode] = useState(false);
  if (asked && !wantsCode) setWantsCode(true);

  useEffect(() => {
    document.title = `${t("signIn.title")} · ${t("common.product")}`;
  }, [t]);
  useEffect(() => {
    if (session.data?.user) router.history.replace(next ?? "/");
  }, [session.data, next, router]);

  function submit(event: FormEvent) {
    event.preventDefault();
    signIn.mutate({ username, password, code: wantsCode ? code : undefined });
  }

  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper w={400} maw="100%" p="xl" shadow="sm">
        <form onSubmit={submit}>
          <Stack gap="md">
            <Group gap="sm" wrap="nowrap">
              <Mark size={38} />
              <div>
                <Title order={1}>{t("common.product")}</Title>
                <Text size="sm" c="dimmed">
                  {t("signIn.lead")}
                </Text>
              </div>
            </Group>
            <TextInput
              label={t("signIn.username")}
              autoComplete="username"
              required
              withAsterisk={false}
              autoFocus
              value={username}
              onChange={(event) => {
                setUsername(event.currentTarget.value);
              }}
            />
            <PasswordInput
              label={t("signIn.password")}
              autoComplete="current-password"
              required
              withAsterisk={false}
              visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
              value={password}
              onChange={(event) => {
                setPassword(event.currentTarget.value);
              }}
            />
            {wantsCode ? (
              <TextInput
                label={t("code.label")}
                description={t("code.hint")}
                autoComplete="one-time-code"
                inputMode="numeric"
                required
                withAsterisk={false}
                autoFocus
                value={code}
                onChange={(event) => {
                  setCode(event.currentTarget.value);
                }}
              />
            ) : null}
            {signIn.error && !asked ? <Failed error={signIn.error} compact /> : null}
            {problem && !signIn.error ? (
              // Why the identity provider's way in ended here; its sentence is in the dictionaries.
              <FailureAlert failure={{ code: problem, message: "", remedy: "" }} compact />
            ) : null}
            {session.error ? (
              <Failed
                error={session.error}
                compact
                retry={() => {
                  void session.refetch();
                }}
              />
            ) : null}
            <Button type="submit" loading={signIn.isPending}>
              {t("signIn.submit")}
            </Button>
            {provider ? (
              <>
                <Divider label={t("signIn.or")} />
                <Button
                  component="a"
                  variant="default"
                  href={next ? `${provider.path}?${new URLSearchParams({ next }).toString()}` : provider.path}
                >
                  {t("signIn.provider", { name: provider.name })}
                </Button>
              </>
            ) : null}
            <Group justify="space-between">
              <Text size="xs" c="dimmed">
                {t("common.researchOnly")}
              </Text>
              <Group gap={4}>
                <LanguageMenu signedIn={false} />
                <SchemeMenu />
              </Group>
            </Group>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
