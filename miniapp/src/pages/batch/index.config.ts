export default definePageConfig({ navigationBarTitleText: '选择数据' });
