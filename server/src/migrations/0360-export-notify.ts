/** Whether the maker of an export is told when it is over: he no longer watches it. */
export const migration = {
  name: '0360-export-notify',
  sql: 'ALTER TABLE lianke.export ADD COLUMN notify boolean NOT NULL DEFAULT false;',
};
