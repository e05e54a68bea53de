/**
 * The language that each member reads, null until he or his phone says so; and the language each message is said in, which
 * also says how it ended. All that is there was said in Chinese.
 */
export const migration = {
  name: '0486-member-languages',
  sql: `
    ALTER TABLE lianke.member ADD COLUMN language text CHECK (language IN ('zh', 'en'));
    ALTER TABLE lianke.message ADD COLUMN language text NOT NULL DEFAULT 'zh' CHECK (language IN ('zh', 'en'));
  `,
};
