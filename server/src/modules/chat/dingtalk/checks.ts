import { saidIn } from '../../../kernel/errors/said.js';
import type { Connection } from '../connection.js';
import type { ConnectionCheck } from '../port/platform.js';
import { type Language, say } from '../texts.js';

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
  return [pushCheck(connection, language), templateCheck(connection, language)];
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
