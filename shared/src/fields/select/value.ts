import { bad, isBlank, ok, type Parsed } from '../types.js';

interface Option {
  id: string;
  label: string;
}

/** The option's id, found by id first, then by label. */
export function findOption(raw: string, options: readonly Option[]): string | undefined {
  const text = raw.trim();
  return (options.find((option) => option.id === text) ?? options.find((option) => option.label === text))?.id;
}

/** An option id; a client may send the label instead. */
export function parseSelect(raw: unknown, config: { options: readonly Option[] }): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  if (typeof raw !== 'string') return bad('wrong_type', { expected: '选项' });
  const id = findOption(raw, config.options);
  return id === undefined ? bad('unknown_option', { value: raw.slice(0, 60) }) : ok(id);
}
