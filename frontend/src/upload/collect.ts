/** Files from a drop or a picker, folders walked to the leaves, with the path a person would recognise. */

export interface PickedFile {
  file: File;
  /** Path inside what was dropped, `exam/IM_0001.dcm`. */
  path: string;
}

const NOISE = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

function isNoise(name: string): boolean {
  return NOISE.has(name) || name.startsWith("._");
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

/** `readEntries` hands out at most a hundred at a time: read until it is empty. */
async function childrenOf(entry: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = entry.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (!batch.length) return found;
    found.push(...batch);
  }
}

async function walk(entry: FileSystemEntry, into: PickedFile[]): Promise<void> {
  if (isNoise(entry.name)) return;
  if (entry.isFile) {
    const file = await fileOf(entry as FileSystemFileEntry);
    into.push({ file, path: entry.fullPath.replace(/^\//, "") || file.name });
  } else {
    for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) await walk(child, into);
  }
}

/** Call within the drop event: the browser forgets the items when the handler returns. */
export function filesOfDrop(transfer: DataTransfer): Promise<PickedFile[]> {
  const entries: FileSystemEntry[] = [];
  const plain: PickedFile[] = [];
  for (const item of Array.from(transfer.items)) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry() as FileSystemEntry | null;
    if (entry) entries.push(entry);
    else {
      const file = item.getAsFile();
      if (file && !isNoise(file.name)) plain.push({ file, path: file.name });
    }
  }
  return (async () => {
    const found = [...plain];
    for (const entry of entries) await walk(entry, found);
    return found;
  })();
}

export function filesOfInput(files: Iterable<File>): PickedFile[] {
  return [...files]
    .filter((file) => !isNoise(file.name))
    .map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}
