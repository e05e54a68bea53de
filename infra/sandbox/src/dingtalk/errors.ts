import type { DingSwitches } from './switches.js';

/** Numbers of the older interface (DD/server-api-error-codes-1) with the platform's own words. */
const TEXTS: Record<number, string> = {
  [-1]: '系统繁忙',
  22: '不合法ApiName',
  404: '请求的URI地址不存在',
  33001: '无效的企业ID',
  33012: '无效的userid',
  34012: '找不到发送者的企业',
  40000: 'access_token is blank',
  40001: '不合法的调用凭证',
  40014: '不合法的access_token',
  40029: '不合法的oauth_code',
  40035: '不合法的参数',
  40056: '不合法的agentid',
  40078: '不存在的临时授权码',
  40085: '不合法的suite_ticket',
  40089: '不合法的corpid或corpsecret',
  40091: '不合法的secret',
  40096: '不合法的appKey或appSecret',
  41001: '缺少access_token参数',
  41052: '接收者超过限制或发送未完成',
  42001: 'access_token超时',
  43001: '需要GET请求',
  43002: '需要POST请求',
  50002: '企业员工不在授权范围',
  50004: '企业部门不在授权范围',
  52013: '签名校验失败',
  52019: '无效的agentid',
  60003: '部门不存在',
  60011: '应用尚未开通所需的权限',
  60019: '从部门查询人员失败',
  60020: '访问ip不在白名单之中',
  60121: '找不到该用户',
  90002: '您的服务器调用钉钉开放平台所有接口的请求都被暂时禁用了',
  90018: '您的应用调用该接口的频率超过限制',
  90020: '接口调用次数超过本月配额',
  400002: '无效的参数',
  853001: 'timestamp参数格式不正确，必须是当前时间的毫秒数',
  853002: 'timestamp参数不合法，该参数值与钉钉服务器当前时间相差超过1分钟',
  853003: 'accessKey参数不合法，必须是钉钉开放平台存在的appId',
  853004: 'signature参数不正确，与钉钉服务端计算出来的签名不一致，注意该参数传递时必须urlEncode',
  900005: '签名不匹配',
};

/** Refusals of the gateway itself come wrapped: `errcode` 88 with the number in `sub_code`. */
const BY_GATEWAY = new Set([40000, 40014, 42001, 60011, 60020, 90002, 90018, 90020]);

/** A failure of the older interface: HTTP 200 with `errcode` ≠ 0. */
export class OapiError extends Error {
  constructor(
    readonly errcode: number,
    detail = '',
  ) {
    super(`${TEXTS[errcode] ?? '错误'}${detail ? `：${detail}` : ''}`);
    this.name = 'OapiError';
  }

  /** The answer's body. */
  body(requestId: string): Record<string, unknown> {
    if (this.errcode === 22)
      return {
        errcode: 22,
        errmsg: `Invalid method[submsg=${this.message}]`,
        sub_msg: this.message,
        request_id: requestId,
      };
    if (BY_GATEWAY.has(this.errcode))
      return {
        errcode: 88,
        sub_code: String(this.errcode),
        sub_msg: this.message,
        errmsg: `ding talk error[subcode=${this.errcode},submsg=${this.message}]`,
        request_id: requestId,
      };
    return { errcode: this.errcode, errmsg: this.message, request_id: requestId };
  }
}

/** A failure of the newer interface: an HTTP status and `{code, requestid, message}`. */
export class NewApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Permissions the app lacks, if that is the reason. */
    readonly requiredScopes: string[] = [],
  ) {
    super(message);
    this.name = 'NewApiError';
  }

  /** @param detail under which name the permissions that the app lacks stand; `none`: nowhere */
  body(requestId: string, detail: DingSwitches['deniedDetail']): Record<string, unknown> {
    const named = detail !== 'none' && this.requiredScopes.length > 0;
    return {
      code: this.code,
      requestid: requestId.toUpperCase(),
      message: this.message,
      ...(named ? { [detail]: { requiredScopes: this.requiredScopes } } : {}),
    };
  }
}

/** What the newer interface answers to a token that ran out or that it does not know. */
export const badToken = ({ badTokenStatus }: DingSwitches): NewApiError =>
  new NewApiError(badTokenStatus, 'InvalidAuthentication', '不合法的access_token');

/** What the newer interface answers where the older one has this number; used when a fault is injected by number. */
export function newApiFault(errcode: number, switches: DingSwitches): NewApiError {
  const denied = 'Forbidden.AccessDenied.';
  switch (errcode) {
    case 40014:
    case 42001:
      return badToken(switches);
    case 60011:
      return new NewApiError(403, `${denied}AccessTokenPermissionDenied`, '应用尚未开通所需的权限', ['qyapi_base']);
    case 60020:
      return new NewApiError(403, `${denied}IpNotInWhiteList`, '访问ip不在白名单之中');
    case 90018:
      return new NewApiError(403, `${denied}QpsLimitForAppkeyAndApi`, '应用调用该接口的频率超过限制');
    case 90002:
      return new NewApiError(403, `${denied}QpsLimitForApi`, '该接口的请求过于频繁');
    case 90020:
      return new NewApiError(403, `${denied}ApiCountLimitForOrg`, '接口调用次数超过本月配额');
    case -1:
      return new NewApiError(429, 'systemBusy', '系统繁忙');
    default:
      return new NewApiError(500, 'unknownError', `未知错误 ${errcode}`);
  }
}
