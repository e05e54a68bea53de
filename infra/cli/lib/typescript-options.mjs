/** How sources of ours are translated where they run without a build: decorators with the types that injection asks for. */
export const swcOptions = (file) => ({
  filename: file,
  configFile: false,
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true, tsx: file.endsWith('.tsx') },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
});
