/** By its content a file is known again that was imported before. */
export const migration = {
  name: '0498-import-content',
  sql: `
    ALTER TABLE lianke.import ADD COLUMN content_hash text;
    CREATE INDEX import_content ON lianke.import (tenant_id, app_id, content_hash) WHERE content_hash IS NOT NULL;
  `,
};
