import { answered } from './answered.js';
import { chatHost } from './host.js';
import { wecomClient } from './wecom-page.js';

export type Beside =
  | { kind: 'contact'; externalUserid: string }
  /** Not in a chat with somebody outside of the company. */
  | { kind: 'nobody' }
  /** Not inside of the chat app at all. */
  | { kind: 'outside' }
  /** The client did not let the page ask. */
  | { kind: 'refused'; reason: string };

/** With whom one chats while this page stands beside the chat. */
export async function contactBeside(): Promise<Beside> {
  if (chatHost() !== 'wecom') return { kind: 'outside' };
  if (process.env.TARO_ENV === 'weapp') return besideMiniProgram();
  if (process.env.TARO_ENV !== 'h5') return { kind: 'outside' };
  try {
    const { userId } = await answered((await wecomClient()).getCurExternalContact());
    return { kind: 'contact', externalUserid: userId };
  } catch (error) {
    return failed(error);
  }
}

function besideMiniProgram(): Promise<Beside> {
  return new Promise((resolve) => {
    if (!wx.qy?.getCurExternalContact) return resolve({ kind: 'outside' });
    wx.qy.getCurExternalContact({
      success: ({ userId }) => resolve({ kind: 'contact', externalUserid: userId }),
      fail: (error) => resolve(failed(error)),
    });
  });
}

/** Chats the client knows nobody in answer without a number; a page it does not trust answers with one. */
function failed(error: unknown): Beside {
  const { errMsg = '', errCode = 0 } = (typeof error === 'object' && error !== null ? error : {}) as {
    errMsg?: string;
    errCode?: number;
  };
  if (errCode > 0) return { kind: 'refused', reason: `${errMsg} (${errCode})` };
  if (errMsg !== '') return { kind: 'nobody' };
  return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) };
}
