import { Code, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Copy } from "~/pages/account/TokensSection";

export interface Invited {
  name: string;
  path: string;
}

/** The link that an administrator hands over; nobody else's password passes through here. */
export function InvitationLink({ invited }: { invited: Invited }) {
  const { t } = useTranslation();
  const link = location.origin + invited.path;
  return (
    <Stack>
      <Text size="sm">{t("people.linkText", { name: invited.name })}</Text>
      <Code block data-testid="invitation" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        {link}
      </Code>
      <Copy text={link} />
    </Stack>
  );
}
