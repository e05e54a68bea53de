import { acrossTenants } from '../kernel/database/tenant-table.js';

/**
 * The English of the titles that flows make from values, where it differs: tasks and copies go from hand to hand. Comments
 * are what was typed, after a consent was taken back too, or which of the card's reasons was chosen; the words around and for
 * them are said to each reader.
 */
export const migration = {
  name: '0454-task-titles',
  sql: `
ALTER TABLE lianke.task ADD COLUMN title_en text;
ALTER TABLE lianke.task ADD COLUMN comment_kind text CHECK (comment_kind IN ('recalled','chosen'));
ALTER TABLE lianke.copy ADD COLUMN title_en text;
${acrossTenants(
  ['task'],
  `UPDATE lianke.task SET comment_kind = 'recalled', comment = regexp_replace(comment, '^(撤回同意：|Consent taken back: )', '')
WHERE state IN ('pending','queued','held','closed') AND comment ~ '^(撤回同意：|Consent taken back: )';`,
)}
`,
};
