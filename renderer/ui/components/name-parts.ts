// Where a Chinese name may break. Its style sheet keeps Han characters together (`word-break: keep-all`).

/** `鄂州市民中心 24 小时自助服务区` → `鄂州市民中心 `, `24\u00a0小时自助服务区`; English is one part and breaks at its spaces. */
export const nameParts = (name: string): string[] => {
  if (!/[\u4e00-\u9fff]/.test(name)) return [name];
  return name.replaceAll(/(\d) (?=[\u4e00-\u9fff])/g, '$1\u00a0').split(/(?<=\D)(?=\d)/);
};
