/** A line of a written manifest, and what stands in its place in the template. */
type Replacement = readonly [line: RegExp, text: string];

const MEMORY = '{{ add .Values.memory.base (mul (add .Values.workers 1) .Values.memory.perWorker) }}Mi';

/** In the order of the manifest. Each must be found once: a template that kept a number would not obey its value. */
const OF_DEPLOYMENT: readonly Replacement[] = [
  [
    /^spec:$/,
    `spec:
  {{- include "server.check" . }}
  {{- if eq .Values.autoscaling.kind "none" }}
  replicas: {{ .Values.replicas }}
  {{- end }}`,
  ],
  [
    /^terminationGracePeriodSeconds: .*$/,
    'terminationGracePeriodSeconds: {{ add .Values.preStop .Values.shutdownDelay .Values.gracefulTimeout 5 }}',
  ],
  [/^image: .*$/, 'image: {{ include "server.image" . }}'],
  [/^imagePullPolicy: .*$/, 'imagePullPolicy: {{ .Values.image.pullPolicy }}'],
  [/^- "?--workers=.*$/, '- "--workers={{ .Values.workers }}"'],
  [
    /^- "?--graceful-timeout=.*$/,
    `- "--graceful-timeout={{ .Values.gracefulTimeout }}"
- "--shutdown-delay={{ .Values.shutdownDelay }}"
{{- if .Values.memory.recycle }}
- "--max-worker-memory={{ .Values.memory.perWorker }}mb"
{{- end }}`,
  ],
  [
    /^startupProbe:$/,
    `{{- with .Values.env }}
env:
  {{- toYaml . | nindent 12 }}
{{- end }}
{{- if .Values.preStop }}
lifecycle:
  preStop:
    sleep:
      seconds: {{ .Values.preStop }}
{{- end }}
startupProbe:`,
  ],
  [/^cpu: .*$/, 'cpu: "{{ .Values.cpu.request }}m"'],
  [/^memory: \d+Mi$|^memory: "\d+Mi"$/, `memory: "${MEMORY}"`],
  [
    /^memory: "?\d+Mi"? #.*$/,
    `memory: "${MEMORY}"
{{- if .Values.cpu.limit }}
cpu: "{{ .Values.cpu.limit }}m"
{{- end }}`,
  ],
];

const REPLACEMENTS: Readonly<Record<string, readonly Replacement[]>> = {
  'deployment.yaml': OF_DEPLOYMENT,
  'networkpolicy.yaml': [
    [
      /^kubernetes\.io\/metadata\.name: .*$/,
      'kubernetes.io/metadata.name: {{ .Values.networkPolicy.monitoringNamespace }}',
    ],
  ],
};
/** Members of the written manifest that the template writes by itself, or not at all. */
const LEFT_OUT = /^(?:- "?--shutdown-delay=.*|- "?--max-worker-memory=.*)$/;

/**
 * A written manifest as a template.
 * @throws {Error} when a line that belongs to a value is not there
 */
export function templated(file: string, text: string): string {
  const replacements = REPLACEMENTS[file] ?? [];
  const left = new Set(replacements);
  const lines = withoutBlocks(text.trimEnd().split('\n')).flatMap((line) => {
    const content = line.trimStart();
    const indent = line.slice(0, line.length - content.length);
    if (file === 'deployment.yaml' && LEFT_OUT.test(content)) return [];
    const found = [...left].find(([pattern]) => pattern.test(content));
    if (found === undefined) return [line];
    left.delete(found);
    return found[1].split('\n').map((one) => (one === '' ? '' : indent + one));
  });
  for (const [pattern] of left) throw new Error(`${file}: no line matches ${String(pattern)}`);
  return `${lines.join('\n')}\n`;
}

/** Without `env` and `lifecycle`, which are written from values. */
function withoutBlocks(lines: readonly string[]): string[] {
  let dropping: number | undefined;
  return lines.filter((line) => {
    const depth = line.length - line.trimStart().length;
    if (dropping !== undefined && depth > dropping) return false;
    dropping = /^ +(?:env|lifecycle):$/.test(line) ? depth : undefined;
    return dropping === undefined;
  });
}
