/** The client's interface for pages. A plain expression: the mini-programs' packages must carry none of the library. */
function load() {
  return process.env.TARO_ENV === 'h5'
    ? Promise.all([import('dingtalk-jsapi/api/runtime/permission/requestAuthCode'), import('dingtalk-jsapi/platform')])
    : Promise.reject(new Error('h5 only'));
}

/** Asks the DingTalk client around an H5 page for a log-in code; it answers without asking anybody. */
export async function codeOfDingtalk(corpId: string): Promise<string> {
  const [{ default: requestAuthCode }] = await load();
  return (await requestAuthCode({ corpId })).code;
}
