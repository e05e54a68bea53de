import type { ImportCheck, ImportCounts, ImportIssue } from '@lianke/shared/imports/api';

/** What the button says: the rows of the first form that the file feeds, and what comes along. */
export function headline(counts: readonly ImportCounts[]): { rows: number; others: ImportCounts[] } {
  const [first, ...rest] = counts;
  return { rows: first?.willImport ?? 0, others: rest.filter((item) => item.willImport > 0) };
}

const order: readonly ImportIssue['kind'][] = [
  'ambiguousLink',
  'unknownLink',
  'refused',
  'leaver',
  'unknownPerson',
  'duplicate',
  'badValue',
  'rounded',
  'mappedOption',
];

/** Issues with what needs a decision first, larger ones before smaller. */
export function sortedIssues(issues: readonly ImportIssue[]): ImportIssue[] {
  return [...issues].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.count - a.count);
}

/** People named in the file who must be given a member, each once with all their rows. */
export function peopleToPlace(
  issues: readonly ImportIssue[],
): { name: string; kind: 'leaver' | 'unknownPerson'; count: number }[] {
  const people = new Map<string, { name: string; kind: 'leaver' | 'unknownPerson'; count: number }>();
  for (const issue of issues) {
    if (issue.kind !== 'leaver' && issue.kind !== 'unknownPerson') continue;
    const known = people.get(issue.subject);
    if (known) known.count += issue.count;
    else people.set(issue.subject, { name: issue.subject, kind: issue.kind, count: issue.count });
  }
  return [...people.values()].sort((a, b) => b.count - a.count);
}

const reminders: ReadonlySet<ImportIssue['kind']> = new Set(['badValue', 'rounded', 'mappedOption']);

/** Issues of one sheet's form that are neither counted by themselves nor about people. */
export function remindersOf(check: ImportCheck): ImportIssue[] {
  return sortedIssues(check.issues.filter((issue) => reminders.has(issue.kind)));
}
