import { saidIn } from '../../../kernel/errors/said.js';
import type { Connection } from '../connection.js';
import type { ConnectionCheck } from '../port/platform.js';
import { type Language, say } from '../texts.js';
import { refusedIp } from './wecom-error.js';

/** WeCom's own items of the check-list, in the order in which it forces them. */
export function checksOf(connection: Connection, language: Language): ConnectionCheck[] {
  const { state, suiteId } = connection;
  const seen = state.callbackSeenAt !== undefined;
  if (suiteId !== null)
    return [
      {
        key: 'callback',
        ok: seen ? true : null,
        message: say(seen ? 'suiteCallbackOk' : 'suiteCallbackNone', {}, language),
      },
    ];
  const people = state.peopleSeenAt !== undefined;
  return [
    {
      key: 'callback',
      ok: seen ? true : null,
      message: say(seen ? 'checkCallbackOk' : 'checkCallbackNone', {}, language),
    },
    ipCheck(connection, language),
    {
      key: 'people',
      ok: people ? true : null,
      message: say(people ? 'checkPeopleOk' : 'checkPeopleNone', {}, language),
    },
  ];
}

/** 企业可信 IP: the platform's refusal names our address, and a call that passed says that it is right. */
function ipCheck({ state }: Connection, language: Language): ConnectionCheck {
  const key = 'ip';
  const said = [state.secretOk === false ? state.secretMessage : undefined, state.sync?.problem, state.range?.problem];
  const refused = [...said, state.problem]
    .map((one) => (one === undefined ? undefined : refusedIp(saidIn(one, 'zh'))))
    .find((one) => one !== undefined);
  if (refused !== undefined)
    return {
      key,
      ok: false,
      message: say('checkIp', { ip: refused ?? say('ownIp', {}, language) }, language),
      ...(refused === null ? {} : { copy: refused }),
    };
  const passed = state.sync?.report !== undefined || (state.range !== undefined && state.range.problem === undefined);
  return { key, ok: passed ? true : null, message: say(passed ? 'checkIpOk' : 'checkIpNone', {}, language) };
}
