import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const sandbox = 'http://127.0.0.1:3100';

export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2022' },
  server: { host: '127.0.0.1', proxy: { '/sandbox': sandbox, '/wwlogin': sandbox, '/connect': sandbox } },
});
