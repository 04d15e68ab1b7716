import { describe, expect, it } from "vitest";
import { csvCell, csvText } from "./csv";

describe("a table as CSV", () => {
  it("quotes what would break a row and defuses what a spreadsheet would run", () => {
    expect(csvCell('say "yes", now')).toBe('"say ""yes"", now"');
    expect(csvCell("two\nlines")).toBe('"two\nlines"');
    expect(csvCell("=HYPERLINK(1)")).toBe("'=HYPERLINK(1)");
    expect(csvCell("-1+2")).toBe("'-1+2");
  });
  it("leaves numbers numbers and nothing empty", () => {
    expect([csvCell(-1.5), csvCell(0), csvCell(null), csvCell(undefined)]).toEqual(["-1.5", "0", "", ""]);
  });
  it("begins with a byte order mark and ends each row with CR LF", () => {
    expect(csvText(["患者", "n"], [["P-1", 2]])).toBe("\uFEFF患者,n\r\nP-1,2\r\n");
  });
});
