import type { IPluginContext } from '@tarojs/service';

interface Platform {
  template: { mergeComponents(ctx: IPluginContext, components: Record<string, Record<string, string>>): void };
}

/**
 * WeCom's mini-programs name people by the host's own `open-data`, told whose name by `openid` (WW/91958), an attribute that
 * WeChat's does not have and Taro's template therefore leaves out.
 */
export default function openData(ctx: IPluginContext) {
  ctx.registerMethod({
    name: 'onSetupClose',
    fn: (platform: Platform) => platform.template.mergeComponents(ctx, { OpenData: { openid: '' } }),
  });
}
