function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the browser tests with "npm run e2e"`);
  return value;
}

/** Where the system under test answers; set by `npm run e2e`. */
export const system = {
  consoleUrl: needed('E2E_CONSOLE_URL'),
  sandboxUrl: needed('E2E_SANDBOX_URL'),
  adminPassword: needed('E2E_ADMIN_PASSWORD'),
  chromium: needed('E2E_CHROMIUM'),
};
