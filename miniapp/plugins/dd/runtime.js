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

/**
 * Files: Alipay calls them `apFilePath`, DingTalk's newer clients `filePath`; the app asks and hears as WeChat does.
 */
const ask = (api, options) => {
  const asked = transformMeta(api, options);
  if (api === 'saveFile') asked.options.filePath = options.tempFilePath;
  return asked;
};
const heard = (api, answer) => {
  modifyAsyncResult(api, answer);
  if (!answer) return;
  const path = answer.filePath || answer.apFilePath;
  if (api === 'chooseImage') {
    answer.tempFilePaths = answer.filePaths || answer.apFilePaths;
    answer.tempFiles = answer.files;
  } else if (api === 'saveFile') answer.savedFilePath = answer.savedFilePath || path;
  else if (api === 'canvasToTempFilePath' || api === 'downloadFile') answer.tempFilePath = answer.tempFilePath || path;
};

hostConfig.initNativeApi = (taro) => {
  processApis(taro, host, {
    needPromiseApis: new Set([...needPromiseApis, ...dingTalkApis]),
    handleSyncApis,
    transformMeta: ask,
    modifyApis,
    modifyAsyncResult: heard,
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
