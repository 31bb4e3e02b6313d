/** Short forms for a table: `54M`, `41.2k`, `3h12m`. All pure. */

export function bytes(value: number | undefined): string {
  if (value === undefined) return '-';
  const megabytes = value / 2 ** 20;
  if (megabytes >= 10_000) return `${(megabytes / 1024).toFixed(0)}G`;
  if (megabytes >= 1024) return `${(megabytes / 1024).toFixed(1)}G`;
  return megabytes >= 10 || megabytes === 0 ? `${megabytes.toFixed(0)}M` : `${megabytes.toFixed(1)}M`;
}

/** PSS, or where the system does not say it RSS, which is marked: pages that processes share are in it for each. */
export function memory({ rss, pss }: { readonly rss: number; readonly pss: number | undefined }): string {
  return pss === undefined ? `~${bytes(rss)}` : bytes(pss);
}

export function number(value: number | undefined): string {
  if (value === undefined) return '-';
  if (value < 10_000) return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : value.toFixed(0);
  if (value < 1_000_000) return `${(value / 1000).toFixed(1)}k`;
  return `${(value / 1_000_000).toFixed(1)}m`;
}

export function percent(part: number | undefined): string {
  return part === undefined ? '-' : `${Math.round(part * 100)}%`;
}

export function age(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m`;
  if (whole < 86_400)
    return `${Math.floor(whole / 3600)}h${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}m`;
  return `${Math.floor(whole / 86_400)}d${Math.floor((whole % 86_400) / 3600)}h`;
}

export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)}ms`;
  return seconds < 100 ? `${seconds.toFixed(1)}s` : age(seconds);
}
