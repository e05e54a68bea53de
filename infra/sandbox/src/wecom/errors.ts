/** Error numbers of WeCom (WW/90313 全局错误码, WW/90236, WW/94888) with the short text that the platform puts into `errmsg`. */
const TEXTS: Record<number, string> = {
  [-1]: 'system busy',
  40001: 'invalid credential',
  40003: 'invalid userid',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40031: 'invalid user list',
  40032: 'invalid user list length',
  40035: 'invalid parameter',
  40056: 'invalid agentid',
  40058: 'invalid request parameter',
  40063: 'parameter is empty',
  40093: 'invalid signature',
  40096: 'invalid external_userid',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'corpsecret missing',
  41008: 'missing code',
  41011: 'missing agentid',
  41016: 'missing message id',
  42001: 'access_token expired',
  42003: 'code expired',
  42014: 'invalid task_id',
  42015: 'the card belongs to another app',
  42016: 'task does not exist',
  42017: 'invalid button key',
  42018: 'invalid button name',
  42022: 'code already used',
  42027: 'invalid keyname',
  42028: 'invalid url',
  42029: 'invalid media_id in the card',
  42030: 'invalid appid in the card',
  42031: 'invalid card_type',
  42033: 'invalid main_title.title',
  42035: 'invalid length of horizontal_content_list',
  42036: 'invalid vertical_content_list',
  42037: 'invalid option_list',
  42038: 'invalid button text',
  42039: 'invalid button key',
  42040: 'invalid option id',
  42041: 'invalid option text',
  42042: 'invalid jump_list',
  42043: 'invalid question_key',
  42044: 'invalid card_image.url',
  42045: 'invalid card_action',
  42046: 'invalid submit_button.key',
  42047: 'invalid select_list',
  42049: 'invalid submit_button.text',
  42050: 'invalid userid in the card',
  42051: 'action key conflict',
  42052: 'message can no longer be recalled',
  43001: 'require GET method',
  43002: 'require POST method',
  43012: 'callback url required',
  44004: 'empty content',
  45002: 'content size out of limit',
  45008: 'article count out of limit',
  45009: 'api freq out of limit',
  45033: 'api concurrent out of limit',
  46004: 'member does not exist',
  47001: 'data format error',
  48002: 'api forbidden',
  48009: 'contact sync assistant may not call this api',
  50001: 'redirect_uri domain not trusted',
  50003: 'app disabled',
  60003: 'department not found',
  60011: 'no privilege to access member, department or tag',
  60020: 'not allow to access from your ip',
  60021: 'app is not visible to user',
  60111: 'userid not found',
  60123: 'invalid department id',
  60140: 'invalid response_code',
  81013: 'user, party and tag all invalid',
  82001: 'touser, toparty and totag are all empty',
  80001: 'untrusted domain',
  84014: 'user_ticket expired or invalid',
  84061: 'not external contact',
  90208: 'appid does not match the app',
  93000: 'invalid webhook url',
  301002: 'no permission for this agentid',
};

/** A business failure: HTTP 200 with `errcode` ≠ 0. `detail` names the parameter, as the platform sometimes does. */
export class WecomError extends Error {
  constructor(
    readonly errcode: number,
    readonly detail = '',
  ) {
    super(`${TEXTS[errcode] ?? 'error'}${detail ? `: ${detail}` : ''}`);
    this.name = 'WecomError';
  }
}

/**
 * The answer body of a failure. Its `errmsg` carries the platform's tail (`hint: […], from ip: …`), so that a client
 * that compares or parses `errmsg` breaks here and not in production.
 */
export function failureBody(
  error: WecomError,
  trace: { seconds: number; serial: string; ip: string; malformed?: boolean },
): { errcode: number; errmsg: string } {
  const format = trace.malformed ? ' Warning: wrong json format.' : '';
  const tail = `hint: [${trace.seconds}_${trace.serial}], from ip: ${trace.ip}, more info at https://open.work.weixin.qq.com/devtool/query?e=${error.errcode}`;
  return { errcode: error.errcode, errmsg: `${error.message},${format} ${tail}` };
}
