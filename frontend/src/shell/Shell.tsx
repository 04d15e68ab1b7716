import { AppShell, Badge, Burger, Group, NavLink, Progress, ScrollArea, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconAddressBook,
  IconBriefcase,
  IconChartHistogram,
  IconCloudUpload,
  IconDatabase,
  IconEyeCheck,
  IconFlask,
  IconHome,
  IconListCheck,
  IconLock,
  IconUsersGroup,
  IconPlayerPlay,
  IconPlugConnectedX,
  IconServer,
  IconShieldCheck,
  IconLasso,
  IconStack2,
  IconUsers,
} from "@tabler/icons-react";
import { createLink, Link, Outlet, useRouterState } from "@tanstack/react-router";
import { forwardRef, useEffect, useRef, useSyncExternalStore, type AnchorHTMLAttributes } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/session";
import { useFeed } from "~/live/useFeed";
import { isBusy, shareSent } from "~/upload/queue";
import { uploads } from "~/upload/send";
import { LinkTo } from "~/ui/links";
import { Notice } from "~/ui/Notice";
import { UndoMessage } from "~/ui/undo";
import { Mark } from "./Mark";
import { type NavItem, navigationFor } from "./navigation";
import { LanguageMenu, SchemeMenu } from "./Preferences";
import { UserMenu } from "./UserMenu";

const ICONS: Record<NavItem["key"], typeof IconHome> = {
  home: IconHome,
  upload: IconCloudUpload,
  quarantine: IconLock,
  cohort: IconUsersGroup,
  worklist: IconListCheck,
  patients: IconAddressBook,
  reading: IconEyeCheck,
  datasets: IconDatabase,
  runs: IconPlayerPlay,
  experiments: IconFlask,
  compare: IconChartHistogram,
  segmenters: IconLasso,
  models: IconStack2,
  jobs: IconBriefcase,
  people: IconUsers,
  system: IconServer,
  audit: IconShieldCheck,
};

type NavProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "onChange"> & {
  label: string;
  icon: NavItem["key"];
  "data-tour"?: string;
};

const NavEntry = createLink(
  forwardRef<HTMLAnchorElement, NavProps>(function NavEntry({ label, icon, ...props }, ref) {
    const Icon = ICONS[icon];
    return (
      <NavLink
        component="a"
        ref={ref}
        {...props}
        label={label}
        active={props["aria-current"] === "page"}
        leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
        variant="light"
      />
    );
  }),
);

/** Uploads go on while other pages are open; this says how far they are from anywhere. */
function UploadsUnderWay() {
  const { t } = useTranslation();
  const view = useSyncExternalStore(uploads.subscribe, uploads.snapshot);
  if (!isBusy(view)) return null;
  const done = view.items.filter((item) => item.state === "done" || item.state === "failed").length;
  return (
    <Stack gap={4} p="xs" role="status">
      <Text size="xs">{t("shell.uploading", { done, total: view.items.length })}</Text>
      <Progress value={shareSent(view) * 100} size="sm" aria-label={t("upload.progress")} />
      <LinkTo to="/upload" size="xs">
        {t("shell.showUploads")}
      </LinkTo>
    </Stack>
  );
}

/** Moves the reader's focus to the new page, as a full load would. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const first = useRef(true);
  useEffect(() => {
    if (path === undefined) return;
    // An administrator's side bar is longer than a low window.
    document.querySelector("nav [aria-current=page]")?.scrollIntoView({ block: "nearest" });
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}

export function Shell() {
  const { t } = useTranslation();
  const me = useMe();
  const presence = useFeed();
  const [opened, { toggle, close }] = useDisclosure();
  const main = useFocusOnNavigation();
  const items = navigationFor(me);
  const sections = ["work", "research", "operation"] as const;

  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 204, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding="md"
    >
      <UnstyledButton component="a" href="#main" className="skip-link">
        {t("shell.skip")}
      </UnstyledButton>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("shell.menu")} />
            <Link to="/" style={{ textDecoration: "none", color: "inherit" }} aria-label={t("shell.home")}>
              <Group gap={10} wrap="nowrap">
                <Mark />
                <Text fw={700} size="lg">
                  {t("common.product")}
                </Text>
              </Group>
            </Link>
            <Badge variant="default" tt="none" fw={500} visibleFrom="xs">
              {t("common.researchOnly")}
            </Badge>
          </Group>
          <Group gap={4} wrap="nowrap">
            <LanguageMenu signedIn />
            <SchemeMenu />
            <UserMenu me={me} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t("shell.navigation")}>
        <ScrollArea flex={1} type="auto" scrollbarSize={6} offsetScrollbars={false}>
          {sections.map((section) => {
            const own = items.filter((item) => item.section === section);
            if (!own.length) return null;
            return (
              <Stack key={section} gap={2} className="nav-section">
                <Text size="xs" c="dimmed" fw={600} px="sm" pt={4}>
                  {t(`shell.section.${section}`)}
                </Text>
                {own.map((item) => (
                  <NavEntry
                    key={item.key}
                    to={item.to}
                    icon={item.key}
                    data-tour={item.key}
                    label={t(`shell.nav.${item.key}`)}
                    activeOptions={{ exact: item.to === "/", includeSearch: false }}
                    onClick={close}
                  />
                ))}
              </Stack>
            );
          })}
        </ScrollArea>
        <UploadsUnderWay />
      </AppShell.Navbar>
      <AppShell.Main id="main" ref={main} tabIndex={-1}>
        <div role="status">
          {presence === "away" ? (
            <Notice color="orange" mb="md" icon={<IconPlugConnectedX size={18} aria-hidden />} data-testid="server-away">
              {t("shell.away")}
            </Notice>
          ) : null}
        </div>
        <Outlet />
      </AppShell.Main>
      <UndoMessage />
    </AppShell>
  );
}
