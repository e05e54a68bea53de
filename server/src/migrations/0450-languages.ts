const made = ['import', 'export', 'field_conversion'];
const told = [
  ['run', 'error_en'],
  ['step', 'error_en'],
  ['flow', 'paused_en'],
  ['report_delivery', 'reason_en'],
  ['login_attempt', 'reason_en'],
];

/**
 * What a worker stores of one person's doing is told in the language he reads; what many read is stored in both, with its
 * English beside it.
 */
export const migration = {
  name: '0450-languages',
  sql: [
    ...made.map(
      (table) =>
        `ALTER TABLE lianke.${table} ADD COLUMN language text NOT NULL DEFAULT 'zh' CHECK (language IN ('zh', 'en'));`,
    ),
    ...told.map(([table, column]) => `ALTER TABLE lianke.${table} ADD COLUMN ${column} text;`),
  ].join('\n'),
};
