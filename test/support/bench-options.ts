/** The text after an option such as `--digits`; undefined when it is not given. */
export function textOption(args: readonly string[], name: string): string | undefined {
  const place = args.indexOf(name);
  return place < 0 ? undefined : args[place + 1];
}

/** The number after an option such as `--seed`; undefined when it is not given. */
export function numberOption(args: readonly string[], name: string): number | undefined {
  const text = textOption(args, name);
  return text === undefined ? undefined : Number(text);
}

/** The list after an option such as `--seeds 1,2`; undefined when it is not given. */
export function listOption(args: readonly string[], name: string): readonly string[] | undefined {
  return textOption(args, name)?.split(',');
}
