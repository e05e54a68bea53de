// What both chat apps' phones run: WebKit of iOS 12, the apps' own engines on Android. Classes and async functions are
// left as they are: an eighth less code to load than for the ES5 of Taro's own default.
module.exports = {
  presets: [
    [
      'taro',
      {
        framework: 'react',
        ts: true,
        compiler: 'webpack5',
        useBuiltIns: false,
        ignoreBrowserslistConfig: true,
        targets: { ios: '12', chrome: '61' },
      },
    ],
  ],
};
