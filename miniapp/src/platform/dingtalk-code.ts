/** Asks the DingTalk client around an H5 page for a log-in code; it answers without asking anybody. */
export async function codeOfDingtalk(corpId: string): Promise<string> {
  // Tested here, so that the mini-programs' packages carry none of it.
  if (process.env.TARO_ENV !== 'h5') throw new Error('h5 only');
  await import('dingtalk-jsapi/platform');
  const { default: requestAuthCode } = await import('dingtalk-jsapi/api/runtime/permission/requestAuthCode');
  const { code } = await requestAuthCode({ corpId });
  return code;
}
