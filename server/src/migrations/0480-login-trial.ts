export const migration = {
  name: '0480-login-trial',
  sql: `
-- A round through the platform's log-in page that only shows whether it finds its way back: nobody is logged in by it.
ALTER TABLE lianke.login_attempt DROP CONSTRAINT login_attempt_kind_check;
ALTER TABLE lianke.login_attempt ADD CONSTRAINT login_attempt_kind_check CHECK (kind IN ('qr', 'redirect', 'trial'));
`,
};
