import { userInfo } from 'node:os';
import type { TenantId } from '@lianke/shared/ids';
import { buildKernel } from './kernel/build-kernel.js';
import { loadConfig } from './kernel/config/config.js';
import { StartupError } from './kernel/config/startup-error.js';
import { createLogger } from './kernel/logging/logger.js';
import type { Amounts } from './modules/chat/suite/company-data.js';
import { DepartedCompanies, type DepartedCompany, KeptCompany } from './modules/chat/suite/departed-companies.js';

const usage = `用法 / usage
  npm run companies                          列出取消授权的企业 / companies that took the app away
  npm run companies -- delete <id>           只看会删除什么 / shows what would be deleted
  npm run companies -- delete <id> --yes [--by <name>]   删除，无法恢复 / deletes it for good`;

const platforms: Record<string, string> = { wecom: '企业微信 WeCom', dingtalk: '钉钉 DingTalk' };
const refusals: Record<KeptCompany['reason'], [zh: string, en: string]> = {
  unknown: ['没有这家取消授权的企业', 'no such company among those that took the app away'],
  'in-use': ['这家企业还在用联客，没有删除任何东西', 'the company is still served, nothing was deleted'],
  'not-due': ['合同约定的期限还没有到，没有删除任何东西', 'its time to come back is not over, nothing was deleted'],
};

/** What the operator does about companies that took an app of the directory away. @throws StartupError with what to mend */
export async function main(args: readonly string[], say: (line: string) => void): Promise<void> {
  const [command = 'list', id, ...options] = args;
  const known = command === 'list' || (command === 'delete' && /^[0-9a-f-]{36}$/.test(id ?? ''));
  if (!known) {
    say(usage);
    throw new StartupError('不认识这个命令', 'unknown command');
  }
  const config = loadConfig();
  const kernel = await buildKernel(config, createLogger({ level: 'warn', role: 'api' }));
  try {
    const companies = new DepartedCompanies(kernel);
    if (command === 'list') list(await companies.list(), say);
    else await remove(companies, id as TenantId, options, say);
  } catch (error) {
    if (error instanceof KeptCompany) throw new StartupError(...refusals[error.reason]);
    throw error;
  } finally {
    await kernel.close();
  }
}

function list(companies: readonly DepartedCompany[], say: (line: string) => void): void {
  if (companies.length === 0) say('没有取消授权的企业 / no company has taken the app away');
  for (const company of companies) {
    const { tenantId, corpName, channel, cancelledAt, deleteAfter, due, interrupted } = company;
    say(`${tenantId}  ${corpName}  ${platforms[channel] ?? channel}`);
    const until = interrupted
      ? '删除没有做完，再执行一次 delete --yes / its deletion was interrupted: run it again'
      : due
        ? '可以删除 / may be deleted'
        : `${day(deleteAfter)} 之后可以删除 / may be deleted after that day`;
    say(`    ${day(cancelledAt)} 取消授权 / left; ${until}`);
  }
}

async function remove(
  companies: DepartedCompanies,
  id: TenantId,
  options: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const company = (await companies.list()).find((each) => each.tenantId === id);
  if (!company) throw new KeptCompany('unknown');
  say(`${company.corpName}（${platforms[company.channel] ?? company.channel}）`);
  if (!options.includes('--yes')) {
    describe(await companies.preview(id), say);
    say('以上会被删除，无法恢复；加上 --yes 执行 / this would be deleted for good; add --yes to do it');
    return;
  }
  const by = options[options.indexOf('--by') + 1];
  const operator = options.includes('--by') && by ? by : userInfo().username;
  describe(await companies.delete(id, operator), say);
  say(`已删除，执行人 ${operator}，记录在 lianke.company_deletion / deleted, and recorded`);
}

function describe({ rows, tables, files }: Amounts, say: (line: string) => void): void {
  const sum = Object.values(rows).reduce((all, n) => all + n, 0);
  say(`    ${rows.member ?? 0} 个成员 / members`);
  say(`    ${rows.form ?? 0} 张表单，${tables} 个数据表 / forms, tables`);
  say(`    ${files} 个文件 / files`);
  say(`    共享表里 ${sum} 行 / rows of shared tables`);
}

const day = (instant: string) => instant.slice(0, 10);
