import { z } from 'zod';

/** Name of the journal within the folder of a dataset in the making. */
export const exportJournalName = '.written.jsonl';

const version = 1;

const head = z.object({ journal: z.literal(version), recipe: z.string() });
const crop = z.object({
  /** Name of the image within its collection. */
  id: z.string(),
  /** Size of the crop's file. */
  bytes: z.number(),
  outsideFraction: z.number(),
  effectiveResolution: z.number(),
});

/** A crop that is on the disk as a whole, and what was measured when it was rendered. */
export type WrittenCrop = Readonly<z.infer<typeof crop>>;

/** What a journal says of a dataset in the making. */
export interface ExportJournal {
  /** Everything that the crops depend on, as one hash. */
  readonly recipe: string;
  readonly crops: readonly WrittenCrop[];
  /** So many bytes of the file are whole lines; what comes after them was cut off by the end of a process. */
  readonly wholeBytes: number;
}

/** The first line of a journal. */
export function exportJournalHead(recipe: string): string {
  return `${JSON.stringify({ journal: version, recipe })}\n`;
}

/** The line of a crop; it is added once the crop itself is on the disk. */
export function exportJournalLine(written: WrittenCrop): string {
  return `${JSON.stringify(written)}\n`;
}

/** Reads a journal as far as its lines are whole; undefined for what is none. */
export function readExportJournal(text: string): ExportJournal | undefined {
  const lines = text.split('\n').slice(0, -1);
  const first = parsed(lines[0] ?? '', head);
  if (first === undefined) return undefined;
  const crops: WrittenCrop[] = [];
  let wholeBytes = Buffer.byteLength(lines[0]) + 1;
  for (const line of lines.slice(1)) {
    const one = parsed(line, crop);
    if (one === undefined) break;
    crops.push(one);
    wholeBytes += Buffer.byteLength(line) + 1;
  }
  return { recipe: first.recipe, crops, wholeBytes };
}

function parsed<Value>(line: string, schema: z.ZodType<Value>): Value | undefined {
  try {
    const found = schema.safeParse(JSON.parse(line));
    return found.success ? found.data : undefined;
  } catch {
    return undefined;
  }
}
