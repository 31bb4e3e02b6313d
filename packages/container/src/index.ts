export { type Container, containerOf, type ContainerPlan } from './container.ts';
export {
  type DockerfileFinding,
  type DockerInstruction,
  lintDockerfile,
  readDockerfile,
} from './dockerfile-lint.ts';
export { exporters } from './exporters.ts';
export { megabytes, type MemoryPlan, memoryPlan } from './memory.ts';
export { CONTAINER_OPTIONS, IMAGE, numberOption, textOption } from './options.ts';
export { UID } from '@gunicorn-ts/scaffold';
export { type StopPlan, stopPlan } from './stop.ts';
export { Commented, commented, raw, writeYaml, type YamlValue } from './yaml.ts';
