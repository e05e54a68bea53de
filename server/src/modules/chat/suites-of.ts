import type { Config } from '../../kernel/config/config.js';
import type { OutboundHttp } from '../../kernel/outbound/outbound-http.js';
import { DingtalkSuite } from './dingtalk/suite.js';
import { type SuitePlatform, Suites } from './port/suite.js';
import type { SuiteTickets } from './suite/suite-tickets.js';
import type { SuiteTokens } from './suite/suite-tokens.js';
import { WecomSuite } from './wecom/suite.js';
import { WecomHttp } from './wecom/wecom-http.js';

/** The deployment's apps in directories, by its settings. Beside the module the one place that names platforms. */
export function suitesOf(http: OutboundHttp, config: Config, tokens: SuiteTokens, tickets: SuiteTickets): Suites {
  const all: SuitePlatform[] = [];
  const { wecom } = config.suites;
  if (wecom)
    all.push(
      new WecomSuite({
        config: wecom,
        http: new WecomHttp(http, config.wecom.apiBase),
        tokens,
        tickets,
        installBase: config.wecom.installBase,
      }),
    );
  const { dingtalk } = config.suites;
  if (dingtalk) all.push(new DingtalkSuite({ config: dingtalk, http, bases: config.dingtalk, tickets, now: Date.now }));
  return new Suites(all);
}
