import { definerFunction } from '../kernel/database/tenant-table.js';

/** Which folder holds this installation's files: the first one that a process of it brought. */
export const migration = {
  name: '0180-file-store',
  sql: definerFunction(
    'file_store(wanted text)',
    'text',
    `INSERT INTO lianke.installation (name, value) VALUES ('file_store', wanted) ON CONFLICT (name) DO NOTHING;
  SELECT value FROM lianke.installation WHERE name = 'file_store'`,
  ),
};
