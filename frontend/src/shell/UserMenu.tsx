import { Button, Group, Menu, Text } from "@mantine/core";
import { IconChevronDown, IconLogout, IconRoute, IconShieldLock, IconUser } from "@tabler/icons-react";
import { createLink } from "@tanstack/react-router";
import { forwardRef, type AnchorHTMLAttributes } from "react";
import { useTranslation } from "react-i18next";
import { useSignOut } from "~/api/session";
import type { Me } from "~/api/types";
import { startTour } from "./tour";

type ItemProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "color"> & { label: string };

const AccountItem = createLink(
  forwardRef<HTMLAnchorElement, ItemProps>(function AccountItem({ label, ...props }, ref) {
    return (
      <Menu.Item component="a" ref={ref} {...props} leftSection={<IconShieldLock size={15} aria-hidden />}>
        {label}
      </Menu.Item>
    );
  }),
);

export function UserMenu({ me }: { me: Me }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          px="xs"
          c="var(--mantine-color-text)"
          leftSection={<IconUser size={17} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {me.display_name || me.username}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Group gap={4} component="span">
            <Text span size="xs">
              {t(`common.role.${me.role}`)}
            </Text>
            <Text span size="xs">
              {me.sites.map((site) => site.code).join(", ")}
            </Text>
          </Group>
        </Menu.Label>
        <Menu.Item leftSection={<IconRoute size={15} aria-hidden />} onClick={() => void startTour(me)}>
          {t("tour.again")}
        </Menu.Item>
        <AccountItem to="/account" label={t("shell.account")} />
        <Menu.Item
          leftSection={<IconLogout size={15} aria-hidden />}
          onClick={() => {
            signOut.mutate();
          }}
        >
          {t("shell.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
