export default definePageConfig({ navigationBarTitleText: '记拜访' });
