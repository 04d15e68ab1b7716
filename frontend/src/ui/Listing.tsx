import { Paper, ScrollArea, Table } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Empty, Failed, Loading } from "./states";

export interface Column<Row> {
  title: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right, in one line. */
  numeric?: boolean;
}

interface ListingProps<Row> {
  /** Also the table's test id. */
  name: string;
  /** What a keyboard user hears of the table that scrolls. */
  label: string;
  query: Pick<UseQueryResult<{ results: Row[] }>, "data" | "error" | "isPending" | "refetch">;
  columns: Column<Row>[];
  /** Where there is none yet: what to do about it. */
  none: { title: string; text: string; action: ReactNode };
  minWidth?: number;
}

/** A list that was asked for: on its way, refused, empty, or a table with a row for each. */
export function Listing<Row extends { id: string }>({ name, label, query, columns, none, minWidth = 760 }: ListingProps<Row>) {
  const rows = query.data?.results ?? [];
  return (
    <>
      {query.isPending ? <Loading /> : null}
      {query.error ? <Failed error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data && !rows.length ? (
        <Empty title={none.title} action={none.action}>
          {none.text}
        </Empty>
      ) : null}
      {rows.length ? (
        <Paper p={0}>
          <ScrollArea viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}>
            <Table highlightOnHover miw={minWidth} data-testid={name}>
              <Table.Thead>
                <Table.Tr>
                  {columns.map((column, place) => (
                    <Table.Th key={place} ta={column.numeric ? "right" : undefined}>
                      {column.title}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Table.Tr key={row.id} data-row={row.id}>
                    {columns.map((column, place) => (
                      <Table.Td
                        key={place}
                        ta={column.numeric ? "right" : undefined}
                        style={column.numeric ? { whiteSpace: "nowrap" } : undefined}
                      >
                        {column.cell(row)}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        </Paper>
      ) : null}
    </>
  );
}
