import type { Connection } from '../connection.js';
import type { ConnectionCheck } from '../port/platform.js';
import { say } from '../texts.js';

/** DingTalk's own items of the check-list. */
export function checksOf(connection: Connection): ConnectionCheck[] {
  if (connection.suiteId !== null) {
    const seen = connection.state.callbackSeenAt !== undefined;
    return [{ key: 'callback', ok: seen ? true : null, message: say(seen ? 'suiteCallbackOk' : 'suiteCallbackNone') }];
  }
  return [pushCheck(connection), templateCheck(connection)];
}

function pushCheck({ settings, state }: Connection): ConnectionCheck {
  const key = 'callback';
  if (settings.push === 'http') {
    const seen = state.callbackSeenAt !== undefined;
    return { key, ok: seen ? true : null, message: say(seen ? 'dingHttpOk' : 'dingHttpNone') };
  }
  if (state.streamProblem !== undefined)
    return { key, ok: false, message: say('dingStreamBad', { reason: state.streamProblem }) };
  const open = state.streamSince !== undefined;
  return { key, ok: open ? true : null, message: say(open ? 'dingStreamOk' : 'dingStreamNone') };
}

/** Whether the id is right shows when a card is sent with it. */
function templateCheck({ settings, state }: Connection): ConnectionCheck {
  if (!settings.cardTemplateId) return { key: 'template', ok: null, message: say('dingTemplateNone') };
  const refused = state.problem !== undefined && /卡片模板/.test(state.problem);
  if (refused) return { key: 'template', ok: false, message: state.problem ?? '' };
  const proved = state.testPressedAt !== undefined;
  return { key: 'template', ok: proved ? true : null, message: say(proved ? 'dingTemplateOk' : 'dingTemplateSet') };
}
