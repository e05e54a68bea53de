/**
 * Which fields a decision's fingerprint covers: a field that the form gets later, or that a sub-flow writes only since, makes
 * no decided record look changed.
 */
export const migration = {
  name: '0470-content-fields',
  sql: 'ALTER TABLE lianke.task ADD COLUMN content_fields text[];',
};
