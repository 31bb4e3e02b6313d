/** Where connections come from. */
export interface ConnectionSource {
  /** Leaves new connections in the kernel's queue, where other workers find them. */
  pause(): void;
  resume(): void;
  /** For good. Connections that were taken live on. */
  stop(): void;
  /**
   * Takes what waits in the kernel's queue now.
   * @returns how many were taken
   */
  take(): number;
}
