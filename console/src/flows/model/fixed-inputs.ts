import type { Trigger } from '@lianke/shared/flows/triggers';
import type { TFunction } from 'i18next';

const fixedInputs = {
  count: 'start.givenCount',
  text: 'start.givenText',
  rest: 'start.givenRest',
  scan: 'start.givenScan',
} as const;

/** What an input is called: as its author named it; those that a trigger brings by itself in the reader's language. */
export function inputLabel(
  t: TFunction<'flows'>,
  trigger: Trigger,
  { key, label }: { key: string; label: string },
): string {
  if ('inputs' in trigger) return label;
  const fixed = fixedInputs[key as keyof typeof fixedInputs];
  return fixed ? t(fixed) : label;
}
