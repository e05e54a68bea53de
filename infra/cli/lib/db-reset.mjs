import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { at, homeFolder } from './paths.mjs';
import { PlainError, say } from './say.mjs';

/** `npm run db:reset`: removes the embedded database and the stored files; asks first unless `--yes` is given. */
export async function main(args) {
  if (process.env.DATABASE_URL) {
    throw new PlainError(
      '设置了 DATABASE_URL，这里只清空自带的数据库；请用你自己的工具清空它 / DATABASE_URL is set; this only resets the embedded database',
    );
  }
  const home = homeFolder();
  if (!existsSync(home)) {
    say(`${home} 不存在，没有要清空的数据 / nothing to reset`);
    return;
  }
  if (!args.includes('--yes') && !(await confirmed(home))) {
    say('没有改动 / nothing was changed');
    return;
  }
  await build(['shared', 'server']);
  const { removeEmbeddedPostgres } = await import(
    pathToFileURL(at('server/dist/kernel/embedded/remove-embedded-postgres.js')).href
  );
  try {
    await removeEmbeddedPostgres({ home, log: { info: say, warn: say } });
  } catch (error) {
    throw error.lines ? new PlainError(error.lines.join('\n')) : error;
  }
  rmSync(join(home, 'files'), { recursive: true, force: true });
  say(`已清空 ${home}，下次 npm start 重新开始 / reset; the next npm start begins afresh`);
}

async function confirmed(home) {
  if (!process.stdin.isTTY) throw new PlainError('请加上 --yes 确认清空 / add --yes to confirm');
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`将删除 ${home} 里的全部数据，无法恢复。输入 yes 继续：`);
  prompt.close();
  return answer.trim() === 'yes';
}
