/** `12 ms`, `3.4 s`, `2 min`, `3 h 12 min`. */
export function duration(seconds: number): string {
  if (seconds < 0.0095) return `${(seconds * 1000).toFixed(1)} ms`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

/** `512`, `1.2k`, `41k`, `3.4M`. */
export function count(value: number): string {
  if (value < 1000) return String(Math.round(value * 10) / 10);
  if (value < 1e6) return `${short(value / 1000)}k`;
  return `${short(value / 1e6)}M`;
}

/** In units of 1024: `54 MB`. */
export function size(bytes: number): string {
  if (bytes < 2 ** 20) return `${Math.ceil(bytes / 1024)} kB`;
  const megabytes = bytes / 2 ** 20;
  return megabytes < 1024 ? `${Math.round(megabytes)} MB` : `${short(megabytes / 1024)} GB`;
}

export function percent(ratio: number): string {
  const value = ratio * 100;
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

function short(value: number): string {
  return value < 100 ? value.toFixed(1) : String(Math.round(value));
}
