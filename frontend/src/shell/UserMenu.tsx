import { Button, Group, Menu, Text } from "@mantine/core";
import { IconChevronDown, IconLogout, IconRoute, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSignOut } from "~/api/session";
import type { Me } from "~/api/types";
import { startTour } from "./tour";

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
