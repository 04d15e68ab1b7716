import { Alert, Code, List, Stack, Table, Text, Title } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { sayer } from "~/i18n";
import { card } from "~/i18n/zh/card";
import { Wide } from "~/ui/Wide";
import { blocksOf, spansOf, type Block } from "./markdown";

const say = sayer(card);

/** A model card as the training wrote it, in the reader's language. Built from elements, never from HTML in the text. */
export function Card({ text }: { text: string }) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  return (
    <Stack gap="xs">
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} number={index + 1} />
      ))}
    </Stack>
  );
}

function Spans({ text }: { text: string }) {
  return spansOf(say(text)).map((span, index) =>
    span.style === "code" ? (
      <Code key={index} style={{ overflowWrap: "anywhere", whiteSpace: "normal" }}>
        {span.text}
      </Code>
    ) : span.style === "strong" ? (
      <strong key={index}>{span.text}</strong>
    ) : (
      <span key={index}>{span.text}</span>
    ),
  );
}

function BlockView({ block, number }: { block: Block; number: number }) {
  const { t } = useTranslation();
  switch (block.kind) {
    case "heading":
      return <Title order={3}>{say(block.text)}</Title>;
    case "paragraph":
      return (
        <Text size="sm">
          <Spans text={block.text} />
        </Text>
      );
    case "quote":
      return (
        <Alert p="xs" color="grape" styles={{ message: { color: "var(--mantine-color-text)" } }}>
          <Spans text={block.text} />
        </Alert>
      );
    case "list":
      return (
        <List size="sm" spacing={2}>
          {block.items.map((item, index) => (
            <List.Item key={index}>
              <Spans text={item} />
            </List.Item>
          ))}
        </List>
      );
    case "table":
      return (
        <Wide label={`${t("models.card")} ${number}`}>
          <Table verticalSpacing={3}>
            {block.head.some(Boolean) ? (
              <Table.Thead>
                <Table.Tr>
                  {block.head.map((cell, index) => (
                    <Table.Th key={index}>{say(cell)}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
            ) : null}
            <Table.Tbody>
              {block.rows.map((row, index) => (
                <Table.Tr key={index}>
                  {row.map((cell, column) => (
                    <Table.Td key={column}>
                      <Spans text={cell} />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      );
    case "code":
      return <Code block>{block.text}</Code>;
  }
}
