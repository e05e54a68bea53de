/** Fields stored encrypted, and words that become records when a field is converted. */
export const migration = {
  name: '0240-encrypted-fields',
  sql: `
ALTER TABLE lianke.field_conversion
  -- The field of the related form that words name a record by.
  ADD COLUMN match_by text,
  -- The values were in the clear before; what is left of them outside of the new column goes next.
  ADD COLUMN purge boolean NOT NULL DEFAULT false;
`,
};
