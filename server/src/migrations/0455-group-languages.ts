/** The language in which each group is written to; there were only Chinese ones. */
export const migration = {
  name: '0455-group-languages',
  sql: `ALTER TABLE lianke.flow_secret ADD COLUMN language text NOT NULL DEFAULT 'zh' CHECK (language IN ('zh', 'en'));`,
};
