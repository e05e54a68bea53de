import { bad, isBlank, ok, type Parsed } from '../types.js';

interface Option {
  id: string;
  label: string;
  children?: Option[] | undefined;
}

/** Choices from the first level down; undefined when a step names none. Ids go before labels. */
export function findPath(steps: readonly string[], options: readonly Option[]): Option[] | undefined {
  const [step = '', ...rest] = steps.map((text) => text.trim());
  const found = options.find((item) => item.id === step) ?? options.find((item) => item.label === step);
  if (!found) return undefined;
  if (rest.length === 0) return [found];
  const under = findPath(rest, found.children ?? []);
  return under && [found, ...under];
}

/** `华东/浙江` in the labels of today; a choice taken away keeps its id. */
export function pathText(value: string, options: readonly Option[]): string {
  let level: readonly Option[] = options;
  return value
    .split('/')
    .map((id) => {
      const found = level.find((item) => item.id === id);
      level = found?.children ?? [];
      return found?.label ?? id;
    })
    .join(' / ');
}

/** Ids from the first level down, joined by `/`; a list of ids or labels, or their text, is read. */
export function parseCascader(
  raw: unknown,
  { options, anyLevel }: { options: readonly Option[]; anyLevel?: boolean },
): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  const steps = typeof raw === 'string' ? raw.split('/') : raw;
  if (!Array.isArray(steps) || !steps.every((step) => typeof step === 'string'))
    return bad('wrong_type', { expected: '选项' });
  const path = findPath(steps as string[], options);
  if (!path) return bad('unknown_option', { value: (steps as string[]).join('/').slice(0, 60) });
  const last = path.at(-1);
  if (!anyLevel && (last?.children ?? []).length > 0) return bad('not_last_level', { value: last?.label ?? '' });
  return ok(path.map((item) => item.id).join('/'));
}
