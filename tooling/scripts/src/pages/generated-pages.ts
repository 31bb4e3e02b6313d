import type { StaleFile } from '../project-references.ts';
import { renderControlPage } from './control-page.ts';
import { drawPackages } from './drawings/packages-drawing.ts';
import { drawLifeOfRequest } from './drawings/request-drawing.ts';
import { drawLifeOfWorker } from './drawings/worker-drawing.ts';
import { renderErrorsPage } from './errors-page.ts';
import { renderExitCodesPage } from './exit-codes-page.ts';
import { renderGunicornSettingsPage } from './gunicorn-settings-page.ts';
import { renderHooksPage } from './hooks-page.ts';
import { renderHttpPage } from './http-page.ts';
import { renderMetricsPage } from './metrics-page.ts';
import { renderSettingsPage } from './settings-page.ts';
import { renderSignalsPage } from './signals-page.ts';

/** Every page that is made from the sources, as it should be. */
export async function generatedPages(): Promise<readonly StaleFile[]> {
  return [
    { path: 'docs/settings.md', text: renderSettingsPage() },
    { path: 'docs/gunicorn-settings.md', text: renderGunicornSettingsPage() },
    { path: 'docs/http.md', text: renderHttpPage() },
    { path: 'docs/metrics.md', text: renderMetricsPage() },
    { path: 'docs/hooks.md', text: renderHooksPage() },
    { path: 'docs/signals.md', text: renderSignalsPage() },
    { path: 'docs/exit-codes.md', text: renderExitCodesPage() },
    { path: 'docs/control.md', text: renderControlPage() },
    { path: 'docs/errors.md', text: renderErrorsPage() },
    { path: 'docs/drawings/packages.svg', text: drawPackages() },
    { path: 'docs/drawings/life-of-a-worker.svg', text: drawLifeOfWorker() },
    { path: 'docs/drawings/life-of-a-request.svg', text: drawLifeOfRequest() },
  ];
}
