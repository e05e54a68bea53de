import { createServer } from 'node:http';
import pg from 'pg';

/**
 * The least a server can do for a page: read the body, run the two statements of THIN_STATEMENTS, answer their rows as
 * JSON. No session, no rights, no validation. Tells its port to the process that started it.
 */
const statements = JSON.parse(process.env.THIN_STATEMENTS ?? '[]') as string[];
const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE_URL, max: 16 });

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const { values } = JSON.parse(Buffer.concat(chunks).toString()) as { values: unknown[] };
    const client = await pool.connect();
    const answers: unknown[] = [];
    for (const statement of statements) answers.push((await client.query(statement, values)).rows);
    client.release();
    const text = JSON.stringify(answers);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});
process.on('disconnect', () => process.exit(0));
