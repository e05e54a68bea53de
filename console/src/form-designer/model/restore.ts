import type { Design } from './design.js';
import { type DesignDiff, diffOf } from './diff.js';

/**
 * What bringing an old version back changes. Fields that were converted to another type since stay as they are: `kept`
 * names them.
 */
export function restoreDiff(now: Design, old: Design): { diff: DesignDiff; kept: string[] } {
  const converted = Object.values(old.fields).filter((field) => {
    const standing = now.fields[field.uid];
    return standing !== undefined && standing.type !== field.type;
  });
  const standing = Object.fromEntries(
    converted.flatMap(({ uid }) => {
      const field = now.fields[uid];
      return field ? [[uid, field]] : [];
    }),
  );
  return {
    diff: diffOf(now, { ...old, fields: { ...old.fields, ...standing } }),
    kept: converted.map((field) => field.name),
  };
}
