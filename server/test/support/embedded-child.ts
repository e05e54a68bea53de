import { startEmbeddedPostgres } from '../../src/kernel/embedded/start-embedded-postgres.js';

// Started by the launcher's tests as a process of its own: holds the database of the given home until it is killed.
const home = process.argv[2] ?? '';
const system = process.argv[3];
try {
  const database = await startEmbeddedPostgres({
    home,
    log: { info: console.log, warn: console.log },
    ...(system ? { systemFolder: system } : {}),
  });
  console.log(`ready ${database.adminUrl}`);
  process.on('SIGTERM', () => {
    void database.stop().then(() => process.exit(0));
  });
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(`refused ${(error as Error).message}`);
  process.exit(1);
}
