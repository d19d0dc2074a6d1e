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

/** The names that were asked for, in the order of `all`; `usual` where none were. **Throws** for a name that there is not. */
export function chosen<Name extends string>(
  all: readonly Name[],
  asked: readonly string[] | undefined,
  usual: readonly Name[],
): readonly Name[] {
  if (asked === undefined) return usual;
  const unknown = asked.find((name) => !all.some((one) => one === name));
  if (unknown !== undefined) throw new Error(`there is no '${unknown}'; there are ${all.join(', ')}`);
  return all.filter((name) => asked.includes(name));
}
