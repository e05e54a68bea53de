import type { DatabaseUrls } from '../../src/kernel/database/bootstrap.js';
import { Database } from '../../src/kernel/database/database.js';
import { uuid7 } from '../../src/kernel/ids/uuid7.js';
import { UndiciHttp } from '../../src/kernel/outbound/undici-http.js';
import { SecretBox } from '../../src/kernel/secrets/secret-box.js';
import type { Connection } from '../../src/modules/chat/connection.js';
import { TokenStore } from '../../src/modules/chat/token-store.js';
import { sendBody, WecomClient } from '../../src/modules/chat/wecom/wecom-client.js';

interface Told {
  urls: DatabaseUrls;
  secretKey: string;
  apiBase: string;
  connection: Connection;
  userid: string;
}

// One of several processes of an installation that send at the same time: it does so many sends whenever it is told, and
// says how many went out and how long they took together.
const { urls, secretKey, apiBase, connection, userid } = JSON.parse(process.argv[2] ?? '{}') as Told;
const database = new Database(urls);
await database.connect();
const http = new UndiciHttp({ trustedHosts: [apiBase] });
const client = new WecomClient(http, new TokenStore(database, new SecretBox(secretKey)), apiBase);

const send = () =>
  client.send(
    connection,
    sendBody(connection, userid, {
      card_type: 'text_notice',
      source: { desc: '联客', desc_color: 0 },
      main_title: { title: '令牌' },
      card_action: { type: 1, url: 'http://127.0.0.1/' },
      task_id: uuid7(),
    }),
  );

process.on('message', async ({ sends }: { sends: number }) => {
  const start = performance.now();
  const ended = await Promise.allSettled(Array.from({ length: sends }, send));
  const refused = ended.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
  process.send?.({ sent: sends - refused.length, refused, ms: performance.now() - start });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
