import type { YamlValue } from '@gunicorn-ts/container';

/** Up at once, and twofold at most in half a minute; down slowly, since load comes back. */
export function scalingBehavior(graceSeconds: number): { readonly [key: string]: YamlValue } {
  return {
    scaleUp: {
      stabilizationWindowSeconds: 0,
      policies: [
        { type: 'Percent', value: 100, periodSeconds: 30 },
        { type: 'Pods', value: 2, periodSeconds: 30 },
      ],
      selectPolicy: 'Max',
    },
    scaleDown: {
      // A copy that leaves serves on for that long, and its metrics are still those of before.
      stabilizationWindowSeconds: Math.max(300, graceSeconds),
      policies: [{ type: 'Percent', value: 25, periodSeconds: 60 }],
    },
  };
}
