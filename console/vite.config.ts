import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { decorativeIcons } from './decorative-icons.js';

const api = process.env.LIANKE_API ?? 'http://127.0.0.1:3000';

// One chunk a library: each is fetched only by the routes that use it and survives releases in the browser's cache.
const chunks = [
  { name: 'echarts', test: /node_modules[\\/](echarts|zrender)[\\/]/ },
  { name: 'xyflow', test: /node_modules[\\/](@xyflow|d3-[a-z]+)[\\/]/ },
  { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|react-router|react-router-dom)[\\/]/ },
  { name: 'antd', test: /node_modules[\\/](antd|@ant-design|@rc-component|dayjs)[\\/]/ },
];

// The server writes this into the built page; `npm run dev` serves the page without it.
const sandboxInDevelopment: Plugin = {
  name: 'sandbox-in-development',
  apply: 'serve',
  transformIndexHtml: () =>
    process.env.LIANKE_SANDBOX
      ? [
          {
            tag: 'script',
            injectTo: 'head-prepend',
            children: `window.__LIANKE__=${JSON.stringify({ sandbox: process.env.LIANKE_SANDBOX })}`,
          },
        ]
      : [],
};

export default defineConfig({
  plugins: [react(), decorativeIcons(), sandboxInDevelopment],
  optimizeDeps: { rolldownOptions: { plugins: [decorativeIcons()] } },
  resolve: { conditions: ['@lianke/source', 'module', 'browser', 'development|production'] },
  server: { port: 5173, strictPort: true, proxy: { '/api': api, '/callbacks': api, '/WW_verify_': api, '^/m/': api } },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1600,
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
  },
});
