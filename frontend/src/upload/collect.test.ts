import { describe, expect, it } from "vitest";
import { filesOfDrop, filesOfInput } from "./collect";

function fileEntry(fullPath: string): FileSystemFileEntry {
  const name = fullPath.split("/").at(-1) ?? "";
  return {
    isFile: true,
    isDirectory: false,
    name,
    fullPath,
    file: (done: (file: File) => void) => {
      done(new File(["x"], name));
    },
  } as unknown as FileSystemFileEntry;
}

/** A folder that, as browsers do, hands out its children in batches of a hundred. */
function folderEntry(fullPath: string, children: FileSystemEntry[]): FileSystemDirectoryEntry {
  return {
    isFile: false,
    isDirectory: true,
    name: fullPath.split("/").at(-1),
    fullPath,
    createReader: () => {
      let given = 0;
      return {
        readEntries: (done: (entries: FileSystemEntry[]) => void) => {
          done(children.slice(given, (given += 100)));
        },
      };
    },
  } as unknown as FileSystemDirectoryEntry;
}

const dropOf = (items: object[]) => ({ items }) as unknown as DataTransfer;

describe("a drop", () => {
  it("is walked to the leaves, past the first hundred, without the system's own files", async () => {
    const many = Array.from({ length: 250 }, (_, index) => fileEntry(`/export/P1/${index}.dcm`));
    const root = folderEntry("/export", [
      folderEntry("/export/P1", [...many, fileEntry("/export/P1/.DS_Store")]),
      fileEntry("/export/._x.dcm"),
    ]);
    const found = await filesOfDrop(dropOf([{ kind: "file", webkitGetAsEntry: () => root }]));
    expect(found).toHaveLength(250);
    expect(found[0]?.path).toBe("export/P1/0.dcm");
  });

  it("takes plain files where entries are not known, and ignores dragged text", async () => {
    const file = new File(["x"], "a.dcm");
    const found = await filesOfDrop(
      dropOf([
        { kind: "file", webkitGetAsEntry: () => null, getAsFile: () => file },
        { kind: "string", webkitGetAsEntry: () => null, getAsFile: () => null },
      ]),
    );
    expect(found.map((one) => one.path)).toEqual(["a.dcm"]);
  });
});

it("a picker keeps the folder a file came from", () => {
  const file = Object.assign(new File(["x"], "a.dcm"), { webkitRelativePath: "exam/a.dcm" });
  expect(filesOfInput([file]).map((one) => one.path)).toEqual(["exam/a.dcm"]);
});
