import { type Said, saidIn } from '../../../kernel/errors/said.js';
import type { Connection } from '../connection.js';
import type { ConnectionCheck } from '../port/platform.js';
import { type Language, say } from '../texts.js';
import { refusedIp } from './ding-error.js';

/** DingTalk's own items of the check-list. */
export function checksOf(connection: Connection, language: Language): ConnectionCheck[] {
  if (connection.suiteId !== null) {
    const seen = connection.state.callbackSeenAt !== undefined;
    return [
      {
        key: 'callback',
        ok: seen ? true : null,
        message: say(seen ? 'suiteCallbackOk' : 'suiteCallbackNone', {}, language),
      },
    ];
  }
  return [
    permissionsCheck(connection, language),
    ipCheck(connection, language),
    pushCheck(connection, language),
    templateCheck(connection, language),
  ];
}

/** What the platform said last, wherever it was asked. */
function refusals({ state }: Connection): Said[] {
  const secret = state.secretOk === false ? state.secretMessage : undefined;
  return [secret, state.streamProblem, state.sync?.problem, state.range?.problem, state.problem].filter(
    (said): said is Said => said !== undefined,
  );
}

/** No call tells which permissions an app has: one that is missing is named when it is needed. */
function permissionsCheck(connection: Connection, language: Language): ConnectionCheck {
  const key = 'permissions';
  const missing = refusals(connection).find((said) => /应用缺少权限/.test(saidIn(said, 'zh')));
  if (missing !== undefined) return { key, ok: false, message: saidIn(missing, language) };
  const { sync, testPressedAt } = connection.state;
  const used = sync?.report !== undefined && testPressedAt !== undefined;
  return {
    key,
    ok: used ? true : null,
    message: say(used ? 'dingPermissionsOk' : 'dingPermissionsNone', {}, language),
  };
}

/** 服务器出口 IP: where the company keeps such a list, the platform's refusal names our address. */
function ipCheck(connection: Connection, language: Language): ConnectionCheck {
  const key = 'ip';
  const refused = refusals(connection)
    .map((said) => refusedIp(saidIn(said, 'zh')))
    .find((ip) => ip !== undefined);
  if (refused !== undefined)
    return {
      key,
      ok: false,
      message: say('dingIp', { ip: refused ?? say('ownIp', {}, language) }, language),
      ...(refused === null ? {} : { copy: refused }),
    };
  const passed = connection.state.sync?.report !== undefined;
  return { key, ok: passed ? true : null, message: say(passed ? 'dingIpOk' : 'dingIpNone', {}, language) };
}

function pushCheck({ settings, state }: Connection, language: Language): ConnectionCheck {
  const key = 'callback';
  if (settings.push === 'http') {
    const seen = state.callbackSeenAt !== undefined;
    return { key, ok: seen ? true : null, message: say(seen ? 'dingHttpOk' : 'dingHttpNone', {}, language) };
  }
  if (state.streamProblem !== undefined)
    return {
      key,
      ok: false,
      message: say('dingStreamBad', { reason: saidIn(state.streamProblem, language) }, language),
    };
  const open = state.streamSince !== undefined;
  return { key, ok: open ? true : null, message: say(open ? 'dingStreamOk' : 'dingStreamNone', {}, language) };
}

/** Whether the id is right shows when a card is sent with it. */
function templateCheck({ settings, state }: Connection, language: Language): ConnectionCheck {
  if (!settings.cardTemplateId) return { key: 'template', ok: null, message: say('dingTemplateNone', {}, language) };
  if (state.problem !== undefined && /卡片模板/.test(saidIn(state.problem, 'zh')))
    return { key: 'template', ok: false, message: saidIn(state.problem, language) };
  const proved = state.testPressedAt !== undefined;
  return {
    key: 'template',
    ok: proved ? true : null,
    message: say(proved ? 'dingTemplateOk' : 'dingTemplateSet', {}, language),
  };
}
