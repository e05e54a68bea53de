import type { SettingName, SettingValues } from './settings.js';

/** An app in a platform's directory: its id, its secret, and the keys of what the platform pushes to it. */
export interface SuiteConfig {
  id: string;
  secret: string;
  token: string;
  aesKey: string;
}

export interface SuiteConfigs {
  /** `provider`: credentials of the service provider itself, which reads licences. */
  wecom?: (SuiteConfig & { provider?: { corpId: string; secret: string } }) | undefined;
  /** Templates of the card platform and of work notices; without the latter notices are sent as they are. */
  dingtalk?: (SuiteConfig & { cardTemplateId?: string | undefined; noticeTemplateId?: string | undefined }) | undefined;
}

/** Settings that only mean something together. */
export const suiteNeeds: readonly (readonly SettingName[])[] = [
  ['WECOM_SUITE_ID', 'WECOM_SUITE_SECRET', 'WECOM_SUITE_TOKEN', 'WECOM_SUITE_AES_KEY'],
  ['WECOM_PROVIDER_CORPID', 'WECOM_PROVIDER_SECRET'],
  ['DINGTALK_SUITE_KEY', 'DINGTALK_SUITE_SECRET', 'DINGTALK_SUITE_TOKEN', 'DINGTALK_SUITE_AES_KEY'],
];

export function suitesOf(values: SettingValues): SuiteConfigs {
  const wecom = suiteOf(
    values.WECOM_SUITE_ID,
    values.WECOM_SUITE_SECRET,
    values.WECOM_SUITE_TOKEN,
    values.WECOM_SUITE_AES_KEY,
  );
  const dingtalk = suiteOf(
    values.DINGTALK_SUITE_KEY,
    values.DINGTALK_SUITE_SECRET,
    values.DINGTALK_SUITE_TOKEN,
    values.DINGTALK_SUITE_AES_KEY,
  );
  const { WECOM_PROVIDER_CORPID: corpId, WECOM_PROVIDER_SECRET: secret } = values;
  return {
    wecom: wecom && { ...wecom, ...(corpId && secret ? { provider: { corpId, secret } } : {}) },
    dingtalk: dingtalk && {
      ...dingtalk,
      cardTemplateId: values.DINGTALK_SUITE_CARD_TEMPLATE,
      noticeTemplateId: values.DINGTALK_SUITE_NOTICE_TEMPLATE,
    },
  };
}

function suiteOf(id?: string, secret?: string, token?: string, aesKey?: string): SuiteConfig | undefined {
  return id && secret && token && aesKey ? { id, secret, token, aesKey } : undefined;
}
