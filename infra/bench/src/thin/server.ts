import { createServer } from 'node:http';
import pg from 'pg';
import { insert, type ThinRow, type ThinTarget } from './insert.js';

// What can be had at most: a bare HTTP server doing the same statements. A process of its own, as Lianke is.
const target = JSON.parse(process.env.THIN_TARGET ?? '{}') as ThinTarget;
const pool = new pg.Pool({
  connectionString: process.env.BENCH_DATABASE_URL,
  max: 16,
  ...({ pipeline: true } as object),
});

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    void answer(JSON.parse(Buffer.concat(chunks).toString('utf8')) as { rows: ThinRow[] }).then(
      (ids) => respond(200, { ids }),
      (error: unknown) => respond(500, { error: String(error) }),
    );
  });
  const respond = (status: number, body: unknown) => {
    const text = JSON.stringify(body);
    response
      .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
      .end(text);
  };
});

async function answer({ rows }: { rows: ThinRow[] }): Promise<string[]> {
  const client = await pool.connect();
  try {
    return await insert(client, target, rows);
  } finally {
    client.release();
  }
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
process.on('disconnect', () => process.exit(0));
