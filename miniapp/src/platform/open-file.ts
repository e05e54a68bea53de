import Taro from '@tarojs/taro';
import { isH5 } from './host.js';
import { commonHeaders, server } from './transport.js';

/** Shows a file that one of our addresses answers; the chat's own viewer is used outside of the browser. */
export async function openServerFile(path: string, fileType: 'pdf' | 'docx'): Promise<void> {
  if (isH5) {
    window.open(server + path, '_blank', 'noopener');
    return;
  }
  const { tempFilePath, statusCode } = await Taro.downloadFile({ url: server + path, header: commonHeaders() });
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
  await Taro.openDocument({ filePath: tempFilePath, fileType, showMenu: true });
}
