export const migration = {
  name: '0401-visible-range',
  sql: `
-- The platform knows the person, but the app is not for him (可见范围, 可使用范围): messages through it do not reach him.
ALTER TABLE lianke.chat_account ADD COLUMN out_of_range boolean NOT NULL DEFAULT false;
`,
};
