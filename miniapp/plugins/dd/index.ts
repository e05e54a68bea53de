import path from 'node:path';
import type { IPluginContext } from '@tarojs/service';

interface PlatformProgram {
  start(): Promise<void>;
}
/** `require` on purpose: the package's typings pull in Taro's whole compile-time graph. */
const { Alipay } = require('@tarojs/plugin-platform-alipay') as {
  Alipay: new (ctx: IPluginContext, config: unknown) => PlatformProgram;
};

/**
 * DingTalk mini-programs for Taro 4.2: Alipay's templates and file types with DingTalk's global object. The published
 * DingTalk plugin still emits the global `my`, which DingTalk does not have.
 */
class DingTalk extends Alipay {
  platform = 'dd';
  globalObject = 'dd';
  projectConfigJson = 'mini.project.json';
  runtimePath = path.resolve(__dirname, 'runtime.js');
  /** Alipay writes a .browserslistrc for its own devtools; DingTalk's do not read it. */
  generateBrowserslistConfig() {}
  /** The project file is copied as it is: Alipay's settings mean nothing here. */
  generateProjectConfig() {}
}

export default function dingTalkPlatform(ctx: IPluginContext) {
  ctx.registerPlatform({
    name: 'dd',
    useConfigName: 'mini',
    async fn({ config }: { config: unknown }) {
      await new DingTalk(ctx, config).start();
    },
  });
}
