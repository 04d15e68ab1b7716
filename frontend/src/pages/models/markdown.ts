/** The little Markdown that a model card uses, as blocks: headings, paragraphs, lists, tables, code. */

export type Block =
  | { kind: "heading"; level: number; text: string }
  | { kind: "paragraph"; text: string }
  | { kind: "quote"; text: string }
  | { kind: "list"; items: string[] }
  | { kind: "table"; head: string[]; rows: string[][] }
  | { kind: "code"; text: string };

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

export function blocksOf(source: string): Block[] {
  // A card may open with front matter for machines; people read what comes after it.
  const lines = source.replace(/^---\n[\s\S]*?\n---\n/, "").split("\n");
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length) blocks.push({ kind: "paragraph", text: paragraph.join(" ") });
    paragraph = [];
  };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (heading) {
      flush();
      blocks.push({ kind: "heading", level: heading[1]?.length ?? 1, text: heading[2] ?? "" });
    } else if (line.startsWith("```")) {
      flush();
      const code: string[] = [];
      while (++index < lines.length && !lines[index]?.startsWith("```")) code.push(lines[index] ?? "");
      blocks.push({ kind: "code", text: code.join("\n") });
    } else if (line.trim().startsWith("|") && /^[\s|:-]+$/.test(lines[index + 1] ?? "x")) {
      flush();
      const rows: string[][] = [];
      const head = cellsOf(line);
      index += 1;
      while (lines[index + 1]?.trim().startsWith("|")) rows.push(cellsOf(lines[++index] ?? ""));
      blocks.push({ kind: "table", head, rows });
    } else if (/^\s*[-*]\s+/.test(line)) {
      flush();
      const last = blocks.at(-1);
      const item = line.replace(/^\s*[-*]\s+/, "");
      if (last?.kind === "list" && /^\s*[-*]\s+/.test(lines[index - 1] ?? "")) last.items.push(item);
      else blocks.push({ kind: "list", items: [item] });
    } else if (line.startsWith("> ")) {
      flush();
      const last = blocks.at(-1);
      if (last?.kind === "quote" && lines[index - 1]?.startsWith("> ")) last.text += ` ${line.slice(2)}`;
      else blocks.push({ kind: "quote", text: line.slice(2) });
    } else if (!line.trim()) flush();
    else paragraph.push(line.trim());
  }
  flush();
  return blocks;
}

export interface Span {
  text: string;
  style: "plain" | "strong" | "code";
}

export function spansOf(text: string): Span[] {
  return text
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter(Boolean)
    .map((part): Span => {
      if (part.startsWith("**")) return { text: part.slice(2, -2), style: "strong" };
      if (part.startsWith("`")) return { text: part.slice(1, -1), style: "code" };
      return { text: part, style: "plain" };
    });
}
