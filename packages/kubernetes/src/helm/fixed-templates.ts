import { writeYaml } from '@gunicorn-ts/container';
import type { Workload } from '../workload.ts';

/** The image, and the numbers that must agree: whoever changes one by --set is told. */
export const HELPERS = `{{- define "server.image" -}}
{{- $separator := ternary "@" ":" (hasPrefix "sha256:" .Values.image.tag) -}}
{{ printf "%s%s%s" .Values.image.repository $separator .Values.image.tag | quote }}
{{- end }}

{{- define "server.check" -}}
{{- if eq (add .Values.preStop .Values.shutdownDelay | int) 0 }}
{{- fail "preStop and shutdownDelay are 0: requests that arrive after TERM would be lost; set shutdownDelay to 5" }}
{{- end }}
{{- if and .Values.cpu.limit (gt (mul (sub .Values.workers 1) 1000) (mul .Values.cpu.limit 2)) }}
{{- fail (printf "%v workers share %v thousandths of a core; set fewer workers, or cpu.limit to 0" .Values.workers .Values.cpu.limit) }}
{{- end }}
{{- if and (ne .Values.autoscaling.kind "none") (lt .Values.autoscaling.maxReplicas .Values.replicas) }}
{{- fail "autoscaling.maxReplicas is less than replicas" }}
{{- end }}
{{- end }}
`;

export const NOTES = `{{ .Release.Name }} serves on port 80 of the Service {{ .Release.Name }}.

  kubectl rollout status deployment/{{ .Release.Name }}
  helm test {{ .Release.Name }}
{{- if eq .Values.autoscaling.kind "hpa" }}

Its scaler needs metrics of prometheus-adapter: gunicorn export kubernetes --autoscale hpa writes the values for that.
{{- end }}
`;

/** Asks the Service for any answer that is no error of the server, from a pod of the same image. */
export function testPod({ container, labels: _labels }: Workload, release: string): string {
  const url = `http://${release}/`;
  const command = container.deployment.isPython
    ? ['/app/.venv/bin/python', '-c', PYTHON.replace('URL', url)]
    : ['node', '-e', NODE.replace('URL', url)];
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${release}-serves`,
      annotations: {
        'helm.sh/hook': 'test',
        'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
      },
    },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'serves',
          image: 'IMAGE',
          command,
          securityContext: {
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  };
  return writeYaml(pod).replace('image: IMAGE', 'image: {{ include "server.image" . }}');
}

const NODE = "fetch('URL').then(({ status }) => process.exit(status < 500 ? 0 : 1), () => process.exit(1))";
/** An answer that is an error of the client is one of the application. */
const PYTHON = `import sys, urllib.error, urllib.request
try:
    urllib.request.urlopen('URL', timeout=5)
except urllib.error.HTTPError as error:
    sys.exit(error.code >= 500)`;
