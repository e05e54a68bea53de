/** The sandbox's apps in both platforms' directories (infra/sandbox/src/seed.ts): no secrets, they open nothing else. */
const suites = {
  WECOM_SUITE_ID: 'wwsuite0000000001',
  WECOM_SUITE_SECRET: 'sandbox-suite-secret',
  WECOM_SUITE_TOKEN: 'sandboxSuiteToken',
  WECOM_SUITE_AES_KEY: 'sandboxSuiteAesKey0123456789abcdefghijklmno',
  WECOM_PROVIDER_CORPID: 'wwprovider0000001',
  WECOM_PROVIDER_SECRET: 'sandbox-provider-secret',
  DINGTALK_SUITE_KEY: 'suitelianke00000001',
  DINGTALK_SUITE_SECRET: 'sandbox-ding-suite-secret',
  DINGTALK_SUITE_TOKEN: 'sandboxDingSuiteToken',
  DINGTALK_SUITE_AES_KEY: 'sandboxDingSuiteAesKey0123456789abcdefghijk',
  DINGTALK_SUITE_CARD_TEMPLATE: 'lianke-suite.schema',
  DINGTALK_SUITE_NOTICE_TEMPLATE: 'lianke-suite-notice',
};

/** Settings with which the server has these apps; whatever the environment sets of its own stays. */
export function sandboxSuites(env) {
  const own = Object.keys(suites).some((name) => env[name]);
  return own ? {} : suites;
}
