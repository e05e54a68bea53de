/** What a platform said of a message in both languages, kept beside the Chinese that stands with it. */
export const migration = {
  name: '0456-message-reasons',
  sql: `ALTER TABLE lianke.message ADD COLUMN reason_words jsonb;`,
};
