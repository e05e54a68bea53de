/** Asks the DingTalk client around an H5 page for a log-in code; it answers without asking anybody. */
export async function codeOfDingtalk(corpId: string): Promise<string> {
  // Tested here and not through `isH5`, so that the mini-programs' packages carry none of the library.
  if (process.env.TARO_ENV === 'h5') {
    await import('dingtalk-jsapi/platform');
    const { default: requestAuthCode } = await import('dingtalk-jsapi/api/runtime/permission/requestAuthCode');
    return (await requestAuthCode({ corpId })).code;
  }
  throw new Error('h5 only');
}
