import {
  components,
  handleSyncApis,
  hostConfig,
  modifyApis,
  modifyAsyncResult,
  needPromiseApis,
  request,
  transformMeta,
} from '@tarojs/plugin-platform-alipay/dist/runtime-utils';
import { mergeInternalComponents, mergeReconciler, processApis } from '@tarojs/shared';

/** DingTalk calls answering by callback that Alipay does not know: Taro turns them into promises. */
const dingTalkApis = ['chooseChat', 'openChatByChatId', 'openChatByUserId', 'chooseUserFromList', 'createDing'];

const host = dd;

hostConfig.initNativeApi = (taro) => {
  processApis(taro, host, {
    needPromiseApis: new Set([...needPromiseApis, ...dingTalkApis]),
    handleSyncApis,
    transformMeta,
    modifyApis,
    modifyAsyncResult,
    request,
  });
};

// Real devices give the user agent as `swuserAgent` only.
const known = navigator.userAgent;
Object.defineProperty(navigator, 'userAgent', {
  configurable: true,
  enumerable: true,
  get: () => known || navigator.swuserAgent || '',
});

mergeReconciler(hostConfig);
mergeInternalComponents(components);
