import path from 'node:path';
import type { UserConfigExport } from '@tarojs/cli';
import { PreloadFirstPage } from './preload-first-page';

const root = path.resolve(__dirname, '..');
const sharedSource = path.resolve(root, '../shared/src');
const target = process.env.TARO_ENV ?? 'h5';

/** The part of webpack-chain used here. */
interface Chain {
  resolve: { set(key: string, value: unknown): void; alias: { set(name: string, path: string): void } };
  plugin(name: string): { use(plugin: unknown, args: unknown[]): void };
  optimization: { get(key: string): unknown; splitChunks(options: Record<string, unknown>): void };
  performance: { hints(level: false): void };
}

/** Resolves `@lianke/shared/*` to its TypeScript sources and `./x.js` imports to `x.ts` or `x.tsx`. */
function resolveSources(chain: Chain) {
  chain.resolve.set('conditionNames', ['@lianke/source', 'browser', 'import', 'module', 'require', 'default']);
  chain.resolve.set('extensionAlias', { '.js': ['.ts', '.tsx', '.js'] });
}

/** Pages are loaded one by one: what several of them need (Taro's components above all) is split off and loaded once. */
function splitPages(chain: Chain) {
  resolveSources(chain);
  chain.optimization.splitChunks({
    ...(chain.optimization.get('splitChunks') as Record<string, unknown>),
    chunks: 'all',
    // Each file costs a slow phone ten milliseconds before a line of it has run.
    minSize: 20_000,
  });
  chain.performance.hints(false);
  chain.resolve.alias.set('@tarojs/components$', path.resolve(root, 'src/h5/components.ts'));
  chain.plugin('preload').use(PreloadFirstPage, ['src/pages/workbench/index.tsx']);
}

const pluginsOf: Record<string, string[]> = {
  dd: [path.resolve(root, 'plugins/dd/index.ts')],
  weapp: [path.resolve(root, 'plugins/open-data.ts')],
};

const config: UserConfigExport<'webpack5'> = {
  projectName: 'lianke',
  date: '2025-1-1',
  designWidth: 375,
  deviceRatio: { 375: 2, 640: 1.17, 750: 1, 828: 0.905 },
  sourceRoot: 'src',
  outputRoot: `dist/${target}`,
  plugins: pluginsOf[target] ?? [],
  defineConstants: {
    LIANKE_SERVER: JSON.stringify((process.env.LIANKE_PUBLIC_URL || 'http://127.0.0.1:3000').replace(/\/$/, '')),
    LIANKE_CONNECTION: JSON.stringify(process.env.MINIAPP_CONNECTION_ID ?? ''),
    // The Alipay runtime that the DingTalk platform builds on names its global `my`; DingTalk only has `dd`.
    ...(target === 'dd' ? { my: 'dd' } : {}),
  },
  framework: 'react',
  compiler: { type: 'webpack5', prebundle: { enable: false } },
  cache: { enable: false },
  logger: { quiet: true, stats: false },
  mini: {
    compile: { include: [sharedSource] },
    webpackChain: resolveSources,
    postcss: { pxtransform: { enable: true, config: {} }, cssModules: { enable: false } },
    optimizeMainPackage: { enable: true },
    miniCssExtractPluginOption: { ignoreOrder: true },
  },
  h5: {
    publicPath: './',
    staticDirectory: 'static',
    compile: { include: [sharedSource] },
    webpackChain: splitPages,
    router: { mode: 'hash' },
    output: { filename: 'js/[name].[contenthash:8].js', chunkFilename: 'js/[name].[contenthash:8].js' },
    miniCssExtractPluginOption: {
      ignoreOrder: true,
      filename: 'css/[name].[contenthash:8].css',
      chunkFilename: 'css/[name].[contenthash:8].css',
    },
    postcss: { autoprefixer: { enable: true }, cssModules: { enable: false } },
  },
};

export default config;
