import { citiesOf, districtsOf, provinces } from '@lianke/shared/fields/address/regions';
import { bare } from '@lianke/shared/fields/sheet-text';

/** What a name may end in without being another company, longest first. */
const legalForms =
  /(?:集团股份有限公司|股份有限责任公司|集团有限责任公司|集团有限公司|股份有限公司|有限责任公司|有限公司|责任公司|股份公司|集团公司|总公司|公司|集团|股份|控股|co\.?,?ltd\.?|corporation|company|limited|corp\.?|inc\.?|ltd\.?|llc)$/;
/** Parts of a company are not the company. */
const branches = /(?:分公司|分店|分行|支行|分部|办事处|营业部)$/;
/** Fewer characters tell nothing: then the longer text stands. */
const fewest = 2;

let regions: readonly string[] | undefined;

/** Names of regions in full and without 省/市/区 …, longest first; districts only in full (上海浦东新区). */
function regionNames(): readonly string[] {
  if (regions) return regions;
  const names = new Set<string>(['中国', '内蒙古', '广西', '西藏', '宁夏', '新疆', '香港', '澳门']);
  const add = (name: string) => {
    names.add(name);
    const short = name.replace(/(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|地区|省|市|盟)$/, '');
    if (short.length >= 2) names.add(short);
  };
  for (const province of provinces()) {
    add(province);
    for (const city of citiesOf(province)) {
      add(city);
      for (const district of districtsOf(province, city)) if (/[区县市]$/.test(district)) names.add(district);
    }
  }
  regions = [...names].sort((a, b) => b.length - a.length);
  return regions;
}

/**
 * A company's name as far as it tells companies apart: width, case, blanks, brackets and punctuation folded; leading
 * regions and the trailing legal form gone. 「上海市浦东新区 华兴（集团）有限责任公司」 and 「华兴集团有限公司」 are the same.
 */
export function companyKey(name: string): string {
  const text = bare(name).replace(/[()[\]{}（）【】〔〕《》<>"'“”‘’·・.,，。、\-—_&]/g, '');
  if (branches.test(text)) return text;
  let rest = text;
  for (;;) {
    const shorter = rest.replace(legalForms, '');
    if (shorter === rest || shorter.length < fewest) break;
    rest = shorter;
  }
  for (;;) {
    const region = regionNames().find((item) => rest.startsWith(item));
    if (!region || rest.length - region.length < fewest) return rest;
    rest = rest.slice(region.length);
  }
}
